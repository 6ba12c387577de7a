//! Bulk actions: one action on all tickets that are selected in the queue. It leaves one event for each ticket, and can be
//! undone for a short time.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use sqlx::PgConnection;
use strum::VariantArray;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    queue::flash::{BulkSummary, return_url_with_flash, safe_return_url},
    ticket::{
        action_request::parse_reason,
        actions::parse_assignee,
        conflict::render_refused,
        merge::{error_message, find_target},
        snooze::form::{SnoozeError, SnoozePreset, parse_snooze},
    },
};
use crate::{
    app::{App, Now},
    i18n::{Label, UiMessage},
    staff::{Staff, StaffLayout, StaffMember, list_active},
    tickets::{
        self, Actor, Note, Reply, TicketCommand, TicketReference, TicketStatus, WaitingFor,
        command::{
            self, BulkRole, CommandContext, ExpectedVersion,
            bulk::{self, UndoOutcome},
            incident::{JoinSource, join},
        },
    },
    token::sha256,
    web::{AppError, Form, render_html},
};

/// Four pages of the queue.
const MAX_TICKETS: usize = 200;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/staff/bulk", post(apply)).route("/staff/bulk/{id}/undo", post(undo))
}

/// The form of an action again, with an error message.
#[derive(Template)]
#[template(path = "desk/bulk.html")]
struct BulkFormPage<'a> {
    frame: StaffLayout,
    colleagues: Vec<StaffMember>,
    form: &'a Form,
    error: UiMessage,
}

impl BulkFormPage<'_> {
    /// The element id of the field with the error.
    fn invalid_field(&self) -> &'static str {
        match (self.form.raw("command"), self.form.raw("status")) {
            ("take" | "assign", _) => "bulk-reason",
            ("status", "waiting") => "bulk-date",
            ("status", _) => "bulk-text",
            ("note", _) => "bulk-note",
            ("incident", _) => "bulk-incident",
            _ => "bulk-into",
        }
    }

    fn error_message(&self) -> String {
        self.frame.lang().format(&self.error)
    }

    fn submit_label(&self) -> &'static str {
        match self.form.raw("command") {
            "take" | "assign" => "desk-assign-button",
            "status" => "bulk-status-button",
            "note" => "desk-note-save",
            "incident" => "bulk-incident-button",
            _ => "merge-button",
        }
    }
}

enum BulkAction {
    PerTicket(TicketCommand),
    /// Into the ticket with this id, or into the first reported one of the selection.
    Merge(Option<Uuid>),
    /// The id of the incident.
    AddToIncident(i64),
}

/// Why an action changed no ticket.
enum BulkError {
    NothingSelected,
    /// Nothing can be merged into the main ticket.
    Merge(UiMessage),
}

async fn apply(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    let refuse =
        |reason| render_refused(&app, &staff, StatusCode::UNPROCESSABLE_ENTITY, reason, safe_return_url(&form));
    let count = form.values("ticket").len();
    if count == 0 {
        return refuse(UiMessage::new("bulk-nothing"));
    }
    if count > MAX_TICKETS {
        return refuse(UiMessage::new("bulk-too-many").with("count", count).with("most", MAX_TICKETS));
    }
    let mut tx = app.db.begin().await?;
    let action = match parse_action(&mut tx, &app, &staff, &form, now).await? {
        Ok(action) => action,
        Err(error) => return render_form(&app, &mut tx, &staff, &form, error).await,
    };
    let id = bulk_id_from_form(&form, staff.id);
    let redirect = || Redirect::to(&return_url_with_flash(&form, id)).into_response();
    if !bulk::insert_if_new(&mut tx, id, staff.id, now).await? {
        // the form was sent twice: report the result of the first time
        return Ok(redirect());
    }
    let selection = load_selection(&mut tx, &form).await?;
    let context = CommandContext { actor: Actor::Staff(staff.id), now, bulk_role: BulkRole::Member(id) };
    match run_action(&mut tx, action, &selection, id, context, &form).await? {
        Ok(summary) => {
            bulk::save_summary(&mut tx, id, &summary).await?;
            tx.commit().await?;
            Ok(redirect())
        }
        Err(BulkError::NothingSelected) => refuse(UiMessage::new("bulk-nothing")),
        Err(BulkError::Merge(error)) => {
            drop(tx);
            let mut db = app.db.acquire().await?;
            render_form(&app, &mut db, &staff, &form, error).await
        }
    }
}

async fn undo(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let id = Uuid::parse_str(&id).map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.begin().await?;
    match bulk::undo(&mut tx, id, staff.id, now).await? {
        UndoOutcome::Done => {
            tx.commit().await?;
            Ok(Redirect::to(&return_url_with_flash(&form, id)).into_response())
        }
        UndoOutcome::WindowExpired => render_refused(
            &app,
            &staff,
            StatusCode::CONFLICT,
            UiMessage::new("bulk-undo-expired"),
            safe_return_url(&form),
        ),
        UndoOutcome::NotFound => Err(AppError::NotFound),
    }
}

/// The inner error is a message about a field of the form.
async fn parse_action(
    db: &mut PgConnection,
    app: &App,
    staff: &Staff,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Result<BulkAction, UiMessage>, AppError> {
    let assign = |assignee: Option<StaffMember>| {
        parse_reason(&form.single_line("reason")).map(|reason| {
            BulkAction::PerTicket(match assignee {
                Some(assignee) => TicketCommand::Assign { assignee, reason },
                None => TicketCommand::Unassign { reason },
            })
        })
    };
    Ok(match form.raw("command") {
        "take" => assign(Some(staff.to_member())),
        "assign" => assign(parse_assignee(db, staff, form.raw("assignee")).await?),
        "spam" => Ok(BulkAction::PerTicket(TicketCommand::MarkSpam)),
        "status" => {
            let status = form.raw("status").parse().map_err(|_| AppError::BadRequest)?;
            let command = match status {
                TicketStatus::New => Ok(TicketCommand::ReturnToNew),
                TicketStatus::Open => Ok(TicketCommand::SetOpen),
                TicketStatus::Spam => Ok(TicketCommand::MarkSpam),
                TicketStatus::Waiting => parse_snooze(form, now, app)
                    .map_err(|(SnoozeError::Until(error) | SnoozeError::Reason(error))| error),
                TicketStatus::Resolved => {
                    let text = Some(form.multi_line("text")).filter(|text| !text.is_empty());
                    text.map(Reply::parse).transpose().map(|text| TicketCommand::Resolve { text })
                }
                TicketStatus::Duplicate => return Err(AppError::BadRequest),
            };
            command.map(BulkAction::PerTicket)
        }
        "note" => {
            Note::parse(form.multi_line("note")).map(|text| BulkAction::PerTicket(TicketCommand::AddNote { text }))
        }
        "incident" => form
            .raw("incident")
            .parse()
            .map(BulkAction::AddToIncident)
            .map_err(|_| UiMessage::new("bulk-incident-missing")),
        "merge" => match form.single_line("into") {
            reference if reference.is_empty() => Ok(BulkAction::Merge(None)),
            reference => find_target(db, &reference).await?.map(|main| BulkAction::Merge(Some(main.id))),
        },
        _ => return Err(AppError::BadRequest),
    })
}

/// Runs the action on the selected tickets. Tickets that another staff member has changed are skipped.
async fn run_action(
    db: &mut PgConnection,
    action: BulkAction,
    selection: &TicketSelection,
    bulk_id: Uuid,
    context: CommandContext,
    form: &Form,
) -> Result<Result<BulkSummary, BulkError>, AppError> {
    let (references, expected): (Vec<_>, Vec<_>) =
        selection.tickets.iter().map(|(reference, expected)| (reference, *expected)).unzip();
    let mut summary = BulkSummary { not_found: selection.not_found, ..BulkSummary::default() };
    match action {
        BulkAction::PerTicket(command) => {
            let outcomes = command::apply_to_many(db, &expected, &command, Some(bulk_id), context).await?;
            for (reference, outcome) in references.into_iter().zip(outcomes) {
                summary.record_outcome(reference, outcome);
            }
        }
        BulkAction::AddToIncident(incident) => {
            let ids: Vec<_> = expected.iter().map(|expected| expected.id).collect();
            let outcomes = join(db, &ids, incident, JoinSource::Staff, context).await?;
            for (reference, outcome) in references.into_iter().zip(outcomes) {
                summary.record_join(reference, outcome);
            }
        }
        BulkAction::Merge(into) => {
            // ids start with the time of the report
            let Some(main_id) = into.or(expected.iter().map(|expected| expected.id).min()) else {
                return Ok(Err(BulkError::NothingSelected));
            };
            let merged = match command::merge(db, &expected, main_id, context).await? {
                Ok(merged) => merged,
                Err(rejection) => {
                    let selected_main = selection
                        .tickets
                        .iter()
                        .find(|(_, expected)| expected.id == main_id)
                        .map(|(main, _)| main.clone());
                    let main = selected_main.or(form.single_line("into").parse().ok());
                    let error = main.map_or(UiMessage::new("merge-missing"), |main| error_message(rejection, &main));
                    return Ok(Err(BulkError::Merge(error)));
                }
            };
            for (reference, outcome) in references.into_iter().zip(merged.outcomes) {
                // the main ticket may be selected together with its duplicates
                if *reference != merged.main_reference {
                    summary.record_outcome(reference, outcome);
                }
            }
            summary.merged_into = Some(merged.main_reference);
        }
    }
    Ok(Ok(summary))
}

/// The selected tickets that exist, each with the version that the queue showed.
struct TicketSelection {
    tickets: Vec<(TicketReference, ExpectedVersion)>,
    not_found: usize,
}

/// Each value of the field `ticket` is a reference with a version, `DZ-7K3M9-Q2XWG:3`, or a reference alone, which means the
/// current version. Repeated references count once.
async fn load_selection(db: &mut PgConnection, form: &Form) -> Result<TicketSelection, AppError> {
    let mut versions = BTreeMap::new();
    let mut not_found = 0;
    for value in form.values("ticket") {
        let (reference, version) = value.split_once(':').unwrap_or((value, ""));
        match reference.parse::<TicketReference>() {
            Ok(reference) => {
                versions.insert(reference.as_str().to_owned(), version.parse::<i32>().ok());
            }
            Err(_) => not_found += 1,
        }
    }
    let references: Vec<_> = versions.keys().cloned().collect();
    let current = tickets::find_expected_versions(db, &references).await?;
    not_found += versions.len() - current.len();
    let with_shown_version = |(reference, current): (TicketReference, ExpectedVersion)| {
        let version = versions.get(reference.as_str()).copied().flatten().unwrap_or(current.version);
        (reference, ExpectedVersion { version, ..current })
    };
    Ok(TicketSelection { tickets: current.into_iter().map(with_shown_version).collect(), not_found })
}

/// A form that is sent twice has the same id. A form that is changed after going back in the browser has another one.
fn bulk_id_from_form(form: &Form, staff_id: Uuid) -> Uuid {
    if form.raw("submission").is_empty() {
        return Uuid::new_v4();
    }
    let fields =
        ["submission", "command", "ticket", "assignee", "reason", "status", "text", "note", "into", "incident"];
    let values = fields.iter().chain(&["waiting_for", "until", "date", "time"]).map(|name| form.values(name));
    let hash = sha256(format!("{staff_id} {:?}", values.collect::<Vec<_>>()));
    hash.first_chunk().map_or_else(Uuid::new_v4, |start| uuid::Builder::from_custom_bytes(*start).into_uuid())
}

async fn render_form(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    form: &Form,
    error: UiMessage,
) -> Result<Response, AppError> {
    let page =
        BulkFormPage { frame: StaffLayout::new(app, staff, "queue"), colleagues: list_active(db).await?, form, error };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
}
