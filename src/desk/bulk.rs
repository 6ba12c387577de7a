//! What is done to many tickets at once: chosen by the queue's checkboxes, one statement, one event a ticket, and taken
//! back for a moment.

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
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    queue::flash::{BulkSummary, return_url_with_flash, safe_return_url},
    ticket::{
        actions::{parse_assignee, parse_reason, parse_snooze},
        merge::{error_message, find_target},
        snooze_until::SnoozePreset,
        waiting::SnoozeError,
    },
};
use crate::{
    app::{App, Now},
    i18n::UiMessage,
    staff::{Staff, StaffLayout, StaffMember, list_active},
    tickets::{
        self, Actor, Note, Reply, TicketCommand, TicketReference, TicketStatus, WaitingFor,
        command::{
            bulk::{self, UndoOutcome},
            incident::{JoinSource, join},
            update::{self, BulkRole, CommandContext, ExpectedVersion},
        },
    },
    token::sha256,
    web::{AppError, Form, render_html},
};

/// The most tickets at once: four pages of the queue.
const MAX_TICKETS: usize = 200;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/bulk", post(apply)).route("/staff/bulk/{id}/undo", post(undo))
}

/// The buttons below the queue.
#[derive(Template)]
#[template(path = "desk/bulk_bar.html")]
pub(super) struct BulkBar<'a> {
    pub frame: &'a StaffLayout,
    pub colleagues: &'a [StaffMember],
    pub return_url: String,
}

/// What could not be done as it was wished: the wish again, with what is wrong with it.
#[derive(Template)]
#[template(path = "desk/bulk.html")]
struct BulkFormPage<'a> {
    frame: StaffLayout,
    colleagues: Vec<StaffMember>,
    form: &'a Form,
    error: UiMessage,
}

impl BulkFormPage<'_> {
    /// The field that has to be put right.
    fn invalid_field(&self) -> &'static str {
        match (self.form.raw("verb"), self.form.raw("status")) {
            ("take" | "assign", _) => "bulk-reason",
            ("status", "waiting") => "bulk-date",
            ("status", _) => "bulk-text",
            ("note", _) => "bulk-note",
            ("incident", _) => "bulk-incident",
            _ => "bulk-into",
        }
    }

    /// What is wrong with it.
    fn error_message(&self) -> String {
        self.frame.lang().format(&self.error)
    }

    fn submit_label(&self) -> &'static str {
        match self.form.raw("verb") {
            "take" | "assign" => "desk-assign-button",
            "status" => "bulk-status-button",
            "note" => "desk-note-save",
            "incident" => "bulk-incident-button",
            _ => "merge-button",
        }
    }
}

/// What can't be done at all, in a sentence.
#[derive(Template)]
#[template(path = "desk/bulk_refused.html")]
struct RefusedPage<'a> {
    frame: StaffLayout,
    message: UiMessage,
    return_url: &'a str,
}

/// What is to be done to each ticket.
enum BulkAction {
    PerTicket(TicketCommand),
    /// Into a ticket, or into the one of them that was reported first.
    Merge(Option<Uuid>),
    /// Into an incident, by its number.
    AddToIncident(i64),
}

async fn apply(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    let count = form.values("ticket").len();
    if count == 0 {
        return render_refused(
            &app,
            &staff,
            StatusCode::UNPROCESSABLE_ENTITY,
            UiMessage::new("bulk-nothing"),
            safe_return_url(&form),
        );
    }
    if count > MAX_TICKETS {
        let say = UiMessage::new("bulk-too-many").with("count", count).with("most", MAX_TICKETS);
        return render_refused(&app, &staff, StatusCode::UNPROCESSABLE_ENTITY, say, safe_return_url(&form));
    }
    let mut tx = app.db.begin().await?;
    let wish = match parse_action(&mut tx, &app, &staff, &form, now).await? {
        Ok(wish) => wish,
        Err(wrong) => return render_form(&app, &mut tx, &staff, &form, wrong).await,
    };
    let id = bulk_id_from_form(&form, staff.id);
    if !bulk::insert_if_new(&mut tx, id, staff.id, now).await? {
        // the same form again: it is done, and what came of it is told again
        return Ok(Redirect::to(&return_url_with_flash(&form, Some(id))).into_response());
    }
    let chosen = load_selection(&mut tx, &form).await?;
    let by = CommandContext { actor: Actor::Staff(staff.id), now, bulk_role: BulkRole::Member(id) };
    let seen: Vec<_> = chosen.tickets.iter().map(|(_, seen)| *seen).collect();
    let mut told = BulkSummary { not_found: chosen.not_found, ..BulkSummary::default() };
    let outcomes = match wish {
        BulkAction::PerTicket(verb) => update::apply_to_many(&mut tx, &seen, &verb, Some(id), by).await?,
        BulkAction::AddToIncident(incident) => {
            let ids: Vec<_> = seen.iter().map(|seen| seen.id).collect();
            let joined = join(&mut tx, &ids, incident, JoinSource::Staff, by).await?;
            for ((reference, _), joined) in chosen.tickets.iter().zip(joined) {
                told.record_join(reference, joined);
            }
            bulk::save_summary(&mut tx, id, &told).await?;
            tx.commit().await?;
            return Ok(Redirect::to(&return_url_with_flash(&form, Some(id))).into_response());
        }
        BulkAction::Merge(into) => {
            // ids are made from the time
            let Some(main) = into.or(seen.iter().map(|seen| seen.id).min()) else {
                return render_refused(
                    &app,
                    &staff,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    UiMessage::new("bulk-nothing"),
                    safe_return_url(&form),
                );
            };
            match update::merge(&mut tx, &seen, main, by).await? {
                Ok(merged) => {
                    told.merged_into = Some(merged.main_reference);
                    merged.outcomes
                }
                Err(why) => {
                    let of = |(reference, seen): &(TicketReference, ExpectedVersion)| {
                        (seen.id == main).then(|| reference.clone())
                    };
                    let main = chosen.tickets.iter().find_map(of).or(form.single_line("into").parse().ok());
                    let wrong = main.map_or(UiMessage::new("merge-missing"), |main| error_message(why, &main));
                    drop(tx);
                    let mut db = app.db.acquire().await?;
                    return render_form(&app, &mut db, &staff, &form, wrong).await;
                }
            }
        }
    };
    let main = told.merged_into.clone();
    for ((reference, _), outcome) in chosen.tickets.iter().zip(outcomes) {
        // the main ticket is chosen along with its duplicates
        if main.as_ref() != Some(reference) {
            told.record_outcome(reference, outcome);
        }
    }
    bulk::save_summary(&mut tx, id, &told).await?;
    tx.commit().await?;
    Ok(Redirect::to(&return_url_with_flash(&form, Some(id))).into_response())
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
            Ok(Redirect::to(&return_url_with_flash(&form, Some(id))).into_response())
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

/// What a form wants.
///
/// # Errors
/// Within: a complaint about what it needs for that.
async fn parse_action(
    db: &mut PgConnection,
    app: &App,
    staff: &Staff,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Result<BulkAction, UiMessage>, AppError> {
    let each = |verb| Ok(Ok(BulkAction::PerTicket(verb)));
    let give = |to: Option<StaffMember>| {
        let verb = parse_reason(&form.single_line("reason")).map(|reason| match to {
            Some(to) => TicketCommand::Assign { assignee: to, reason },
            None => TicketCommand::Unassign { reason },
        });
        Ok(verb.map(BulkAction::PerTicket))
    };
    match form.raw("verb") {
        "take" => give(Some(staff.to_member())),
        "assign" => give(parse_assignee(db, staff, form.raw("assignee")).await?),
        "spam" => each(TicketCommand::MarkSpam),
        "status" => {
            let status = form.raw("status").parse().map_err(|()| AppError::BadRequest)?;
            let verb = match status {
                TicketStatus::New => Ok(TicketCommand::ReturnToNew),
                TicketStatus::Open => Ok(TicketCommand::SetOpen),
                TicketStatus::Spam => Ok(TicketCommand::MarkSpam),
                TicketStatus::Waiting => parse_snooze(form, now, app)
                    .map_err(|(SnoozeError::Until(wrong) | SnoozeError::Reason(wrong))| wrong),
                TicketStatus::Resolved => {
                    let text = Some(form.multi_line("text")).filter(|text| !text.is_empty());
                    text.map(Reply::parse).transpose().map(|text| TicketCommand::Resolve { text })
                }
                TicketStatus::Duplicate => return Err(AppError::BadRequest),
            };
            Ok(verb.map(BulkAction::PerTicket))
        }
        "note" => {
            Ok(Note::parse(form.multi_line("note")).map(|text| BulkAction::PerTicket(TicketCommand::AddNote { text })))
        }
        "incident" => Ok(form
            .raw("incident")
            .parse()
            .map(BulkAction::AddToIncident)
            .map_err(|_| UiMessage::new("bulk-incident-missing"))),
        "merge" => match form.single_line("into") {
            into if into.is_empty() => Ok(Ok(BulkAction::Merge(None))),
            into => Ok(find_target(db, &into).await?.map(|main| BulkAction::Merge(Some(main.id)))),
        },
        _ => Err(AppError::BadRequest),
    }
}

/// The tickets that a form names, each once, as they were seen: `DZ-7K3M9-Q2XWG:3`, or as they are when no version is
/// given.
struct TicketSelection {
    tickets: Vec<(TicketReference, ExpectedVersion)>,
    not_found: usize,
}

async fn load_selection(db: &mut PgConnection, form: &Form) -> Result<TicketSelection, AppError> {
    let mut versions = BTreeMap::new();
    let mut gone = 0;
    for typed in form.values("ticket") {
        let (reference, version) = typed.split_once(':').unwrap_or((typed, ""));
        match reference.parse::<TicketReference>() {
            Ok(reference) => {
                versions.insert(reference.as_str().to_owned(), version.parse::<i32>().ok());
            }
            Err(_) => gone += 1,
        }
    }
    let references: Vec<_> = versions.keys().cloned().collect();
    let found = tickets::find_expected_versions(db, &references).await?;
    gone += versions.len() - found.len();
    let as_seen = |(reference, seen): (TicketReference, ExpectedVersion)| {
        let version = versions.get(reference.as_str()).copied().flatten().unwrap_or(seen.version);
        (reference, ExpectedVersion { version, ..seen })
    };
    Ok(TicketSelection { tickets: found.into_iter().map(as_seen).collect(), not_found: gone })
}

/// A form that is sent twice is the same wish; one that was gone back to and filled in differently is another.
fn bulk_id_from_form(form: &Form, staff: Uuid) -> Uuid {
    if form.raw("submission").is_empty() {
        return Uuid::new_v4();
    }
    let fields = ["submission", "verb", "ticket", "assignee", "reason", "status", "text", "note", "into", "incident"];
    let fields = fields.iter().chain(&["whom", "until", "date", "time"]).map(|name| form.values(name));
    let hash = sha256(format!("{staff} {:?}", fields.collect::<Vec<_>>()));
    hash.first_chunk().map_or_else(Uuid::new_v4, |start| uuid::Builder::from_custom_bytes(*start).into_uuid())
}

async fn render_form(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    form: &Form,
    wrong: UiMessage,
) -> Result<Response, AppError> {
    let page = BulkFormPage {
        frame: StaffLayout::new(app, staff, "queue"),
        colleagues: list_active(db).await?,
        form,
        error: wrong,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
}

pub(super) fn render_refused(
    app: &App,
    staff: &Staff,
    status: StatusCode,
    say: UiMessage,
    back: &str,
) -> Result<Response, AppError> {
    let page = RefusedPage { frame: StaffLayout::new(app, staff, "queue"), message: say, return_url: back };
    Ok((status, render_html(&page)?).into_response())
}
