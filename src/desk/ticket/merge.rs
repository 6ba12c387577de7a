//! Merging two tickets, and separating them again.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;

use super::{
    actions::{TicketAction, parse_version, redirect_to_section},
    conflict::IntendedAction,
    page::load_ticket,
};
use crate::{
    app::{App, Now},
    i18n::UiMessage,
    staff::{Staff, StaffLayout},
    tickets::{
        self, DuplicateTicket, EventKind, Ticket, TicketCommand, TicketReference,
        command::update::{self, CommandOutcome, MergeRejection},
    },
    web::{AppError, Form, render_html},
};

/// How many duplicates a page names.
pub(crate) const MAX_LISTED_DUPLICATES: i64 = 50;

pub fn routes() -> Router<App> {
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
        self.error.as_ref().map(|say| self.frame.lang().format(say))
    }
}

async fn show(State(app): State<App>, staff: Staff, Path(reference): Path<String>) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let ticket = load_ticket(&mut db, &reference).await?;
    render_form(&app, &mut db, &staff, ticket, String::new(), None).await
}

async fn render_form(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    ticket: Ticket,
    into: String,
    wrong: Option<(UiMessage, i32)>,
) -> Result<Response, AppError> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let duplicates = tickets::list_duplicates(db, ticket.id, MAX_LISTED_DUPLICATES).await?;
    let version = wrong.as_ref().map_or(ticket.version, |(_, version)| *version);
    let wrong = wrong.map(|(say, _)| say);
    let page = MergePage {
        frame: StaffLayout::new(app, staff, "queue"),
        ticket,
        duplicates,
        target: into,
        error: wrong,
        version,
    };
    Ok((status, render_html(&page)?).into_response())
}

/// Merges the ticket into the one named by `into`, in any spelling; `none` separates it again.
async fn update(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut act = TicketAction::begin(&app, &staff, &reference, &form, now).await?;
    let into = form.single_line("into");
    if into == "none" {
        let wish = IntendedAction {
            description: UiMessage::new("intended-action-separate"),
            resource: "merge",
            fields: vec![("into", into)],
        };
        return act.run(TicketCommand::Separate, wish).await;
    }
    let main = match find_target(&mut act.tx, &into).await? {
        Ok(main) => main,
        Err(wrong) => return render_invalid(act, into, wrong).await,
    };
    let (seen, by) = (act.expected_version(), act.context());
    let why = match update::merge(&mut act.tx, &[seen], main.id, by).await? {
        Ok(merged) => match merged.outcomes[..] {
            [CommandOutcome::Done | CommandOutcome::NoChange] => {
                act.tx.commit().await?;
                return Ok(redirect_to_section(&merged.main_reference, "related"));
            }
            _ => MergeRejection::MainBecameDuplicate,
        },
        Err(why) => why,
    };
    if why == MergeRejection::MainBecameDuplicate {
        let say = UiMessage::new("intended-action-merge").with("main", main.reference.to_string());
        let wish = IntendedAction { description: say, resource: "merge", fields: vec![("into", into)] };
        return act.render_conflict(wish, |what| matches!(what, EventKind::MergedInto { .. })).await;
    }
    render_invalid(act, into, error_message(why, &main.reference)).await
}

/// The ticket that somebody means.
///
/// # Errors
/// Within: a complaint, when it can't be read or does not exist.
pub(crate) async fn find_target(db: &mut PgConnection, typed: &str) -> Result<Result<Ticket, UiMessage>, AppError> {
    if typed.is_empty() {
        return Ok(Err(UiMessage::new("merge-missing")));
    }
    let reference: TicketReference = match typed.parse() {
        Ok(reference) => reference,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let ticket = tickets::find_by_reference(db, &reference).await?;
    Ok(ticket.ok_or_else(|| UiMessage::new("queue-unknown").with("reference", reference.to_string())))
}

/// Why a ticket can't be merged into this one.
pub(crate) fn error_message(why: MergeRejection, main: &TicketReference) -> UiMessage {
    let id = match why {
        MergeRejection::IntoItself => "merge-same-ticket",
        MergeRejection::IntoSpam => "merge-into-spam",
        MergeRejection::NotFound => "queue-unknown",
        MergeRejection::MainBecameDuplicate => "merge-conflict",
    };
    UiMessage::new(id).with("reference", main.to_string())
}

async fn render_invalid(act: TicketAction<'_>, into: String, wrong: UiMessage) -> Result<Response, AppError> {
    let TicketAction { app, staff, mut tx, ticket, form, .. } = act;
    render_form(app, &mut tx, staff, ticket, into, Some((wrong, parse_version(form)))).await
}
