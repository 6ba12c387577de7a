//! Merging a ticket into another one, and separating it again.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;

use super::{
    action_request::{TicketAction, parse_version, redirect_to_section},
    conflict::IntendedAction,
    load::{TicketRequest, TicketRequestContext},
};
use crate::{
    guides::GuidesState,
    i18n::UiMessage,
    staff::StaffLayout,
    tickets::{
        self, DuplicateTicket, EventKind, Ticket, TicketCommand, TicketReference,
        command::{self, CommandOutcome, MergeRejection},
    },
    web::{AppError, render_html},
};

/// How many duplicates the page lists.
const MAX_LISTED_DUPLICATES: i64 = 50;

pub(crate) fn routes() -> Router<GuidesState> {
    Router::new().route("/staff/tickets/{reference}/merge", get(show).post(update))
}

#[derive(Template)]
#[template(path = "desk/merge.html")]
struct MergePage {
    frame: StaffLayout,
    ticket: Ticket,
    duplicates: Vec<DuplicateTicket>,
    target: String,
    error: Option<UiMessage>,
    version: i32,
}

impl MergePage {
    fn error_message(&self) -> Option<String> {
        self.error.as_ref().map(|error| self.frame.lang().format(error))
    }
}

async fn show(TicketRequest { context, mut db, ticket }: TicketRequest) -> Result<Response, AppError> {
    let version = ticket.version;
    render_form(&context, &mut db, ticket, version, String::new(), None).await
}

async fn render_form(
    context: &TicketRequestContext,
    db: &mut PgConnection,
    ticket: Ticket,
    version: i32,
    target: String,
    error: Option<UiMessage>,
) -> Result<Response, AppError> {
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let duplicates = tickets::list_duplicates(db, ticket.id, MAX_LISTED_DUPLICATES).await?;
    let page = MergePage { frame: context.layout(), ticket, duplicates, target, error, version };
    Ok((status, render_html(&page)?).into_response())
}

/// Merges the ticket into the one named by `into`, in any spelling; `none` separates it again.
async fn update(mut action: TicketAction) -> Result<Response, AppError> {
    let target = action.form.single_line("into");
    if target == "none" {
        let description = UiMessage::new("intended-action-separate");
        let intended = IntendedAction { description, resource: "merge", fields: vec![("into", target)] };
        return action.run(TicketCommand::Separate, intended).await;
    }
    let main = match find_target(&mut action.tx, &target).await? {
        Ok(main) => main,
        Err(error) => return render_invalid(action, target, error).await,
    };
    let (version, by) = (action.expected_version(), action.command_context());
    let rejection = match command::merge(&mut action.tx, &[version], main.id, by).await? {
        Ok(merged) => match merged.outcomes[..] {
            [CommandOutcome::Done | CommandOutcome::NoChange] => {
                action.tx.commit().await?;
                return Ok(redirect_to_section(&merged.main_reference, "related"));
            }
            _ => MergeRejection::MainBecameDuplicate,
        },
        Err(rejection) => rejection,
    };
    if rejection == MergeRejection::MainBecameDuplicate {
        let description = UiMessage::new("intended-action-merge").with("main", main.reference.to_string());
        let intended = IntendedAction { description, resource: "merge", fields: vec![("into", target)] };
        return action.render_conflict(intended, |kind| matches!(kind, EventKind::MergedInto { .. })).await;
    }
    render_invalid(action, target, error_message(rejection, &main.reference)).await
}

/// Finds the ticket with the typed reference. The inner error is a message for the form: the reference is missing, is not
/// valid, or belongs to no ticket.
pub(crate) async fn find_target(db: &mut PgConnection, reference: &str) -> Result<Result<Ticket, UiMessage>, AppError> {
    if reference.is_empty() {
        return Ok(Err(UiMessage::new("merge-missing")));
    }
    let reference: TicketReference = match reference.parse() {
        Ok(reference) => reference,
        Err(error) => return Ok(Err(error)),
    };
    let ticket = tickets::find_by_reference(db, &reference).await?;
    Ok(ticket.ok_or_else(|| UiMessage::new("queue-unknown").with("reference", reference.to_string())))
}

pub(crate) fn error_message(rejection: MergeRejection, main: &TicketReference) -> UiMessage {
    let id = match rejection {
        MergeRejection::IntoItself => "merge-same-ticket",
        MergeRejection::IntoSpam => "merge-into-spam",
        MergeRejection::NotFound => "queue-unknown",
        MergeRejection::MainBecameDuplicate => "merge-conflict",
    };
    UiMessage::new(id).with("reference", main.to_string())
}

async fn render_invalid(action: TicketAction, target: String, error: UiMessage) -> Result<Response, AppError> {
    let TicketAction { context, mut tx, ticket, form } = action;
    render_form(&context, &mut tx, ticket, parse_version(&form), target, Some(error)).await
}
