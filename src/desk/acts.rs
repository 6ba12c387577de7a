//! What staff do to a ticket: small POST resources under it. Who was second is shown both: what changed, and what they
//! wanted.

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

use super::ticket::{Kept, find, page};
use crate::{
    app::{App, Now},
    staff::{Frame, Staff, colleagues},
    tickets::verbs::Outcome,
    tickets::{self, Actor, Event, Note, Reference, Reply, Status, Ticket, verbs},
    web::{Error, Form, html},
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/tickets/{reference}/assignment", post(assign))
        .route("/staff/tickets/{reference}/status", post(set_status))
        .route("/staff/tickets/{reference}/notes", post(note))
        .route("/staff/tickets/{reference}/replies", post(reply))
}

async fn assign(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut tx = app.db.begin().await?;
    let ticket = find(&mut tx, &reference).await?;
    let to = match form.raw("assignee") {
        "me" => Some(staff.person()),
        "none" => None,
        id => {
            let id = Uuid::parse_str(id).map_err(|_| Error::BadRequest)?;
            let person = colleagues(&mut tx).await?.into_iter().find(|person| person.id == id);
            Some(person.ok_or(Error::BadRequest)?)
        }
    };
    let already = ticket.assignee == to.as_ref().map(|to| to.id);
    let outcome = match already {
        true => Outcome::Done,
        false if ticket.version != version(&form) => Outcome::Stale,
        false => verbs::assign(&mut tx, &ticket, to.as_ref(), Actor::Staff(staff.id), now).await?,
    };
    tx.commit().await?;
    let wish = match &to {
        Some(to) => Say::new("stale-wish-assign").with("name", to.name.as_str()),
        None => Say::new("stale-wish-release"),
    };
    let wanted = [("assignee", form.raw("assignee").to_owned())];
    done_or_stale(&app, &staff, outcome, &ticket.reference, Wish { say: wish, to: "assignment", wanted: &wanted }, now)
        .await
}

async fn set_status(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let to: Status = form.raw("status").parse().map_err(|()| Error::BadRequest)?;
    let text = form.block("text");
    let mut tx = app.db.begin().await?;
    let ticket = find(&mut tx, &reference).await?;
    let answer = match Some(text.clone()).filter(|text| !text.is_empty()).map(Reply::written).transpose() {
        Ok(answer) => answer,
        Err(wrong) => return not_taken(&app, &mut tx, &staff, ticket, Kept { form: "reply", text, wrong }, now).await,
    };
    // an answer that comes with the wish must not get lost behind "it is so already"
    let outcome = match ticket.status == to && answer.is_none() {
        true => Outcome::Done,
        false if ticket.status == to || ticket.version != version(&form) => Outcome::Stale,
        false => verbs::set_status(&mut tx, &ticket, to, answer, Actor::Staff(staff.id), now).await?,
    };
    tx.commit().await?;
    let wish = Say::new("stale-wish-status").with("status", Say::new(to.label()));
    let wanted = [("status", to.as_str().to_owned()), ("text", text)];
    done_or_stale(&app, &staff, outcome, &ticket.reference, Wish { say: wish, to: "status", wanted: &wanted }, now)
        .await
}

async fn note(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let text = form.block("text");
    let mut tx = app.db.begin().await?;
    let ticket = find(&mut tx, &reference).await?;
    let note = match Note::written(text.clone()) {
        Ok(note) => note,
        Err(wrong) => return not_taken(&app, &mut tx, &staff, ticket, Kept { form: "note", text, wrong }, now).await,
    };
    verbs::note(&mut tx, &ticket, note, submission(&form), Actor::Staff(staff.id), now).await?;
    tx.commit().await?;
    Ok(to_conversation(&ticket))
}

async fn reply(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let text = form.block("text");
    let mut tx = app.db.begin().await?;
    let ticket = find(&mut tx, &reference).await?;
    let reply = match Reply::written(text.clone()) {
        Ok(reply) => reply,
        Err(wrong) => return not_taken(&app, &mut tx, &staff, ticket, Kept { form: "reply", text, wrong }, now).await,
    };
    verbs::reply(&mut tx, &ticket, reply, submission(&form), Actor::Staff(staff.id), now).await?;
    tx.commit().await?;
    Ok(to_conversation(&ticket))
}

/// The page with what was written and why it was not taken.
async fn not_taken(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    ticket: Ticket,
    kept: Kept,
    now: OffsetDateTime,
) -> Result<Response, Error> {
    let page = page(app, db, staff, ticket, Some(kept), now).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

fn to_conversation(ticket: &Ticket) -> Response {
    Redirect::to(&format!("/staff/tickets/{}#conversation", ticket.reference)).into_response()
}

/// The id of the form that a text was written in: sent twice, it counts once.
fn submission(form: &Form) -> Uuid {
    Uuid::parse_str(form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4())
}

/// What somebody wanted to do when the ticket had changed under their hands.
struct Wish<'a> {
    say: Say,
    /// The resource that the wish was sent to.
    to: &'static str,
    /// The form's fields, to send it again.
    wanted: &'a [(&'static str, String)],
}

/// Shows both: what has happened meanwhile, and what was wanted, with its text.
#[derive(Template)]
#[template(path = "desk/stale.html")]
struct StalePage<'a> {
    frame: Frame,
    ticket: Ticket,
    last: Option<Event>,
    wish: Wish<'a>,
    now: OffsetDateTime,
}

impl StalePage<'_> {
    fn say(&self, say: &Say) -> String {
        self.frame.lang().say(say)
    }

    fn sentence(&self, event: &Event) -> String {
        self.say(&event.sentence())
    }

    fn moment(&self, at: &OffsetDateTime) -> String {
        self.say(&zone::moment(*at, self.now))
    }
}

async fn done_or_stale(
    app: &App,
    staff: &Staff,
    outcome: Outcome,
    reference: &Reference,
    wish: Wish<'_>,
    now: OffsetDateTime,
) -> Result<Response, Error> {
    match outcome {
        Outcome::Done | Outcome::Already => Ok(Redirect::to(&format!("/staff/tickets/{reference}")).into_response()),
        Outcome::Gone => Err(Error::NotFound),
        Outcome::Stale | Outcome::Held | Outcome::Duplicate => {
            let mut db = app.db.read().await?;
            let ticket = find(&mut db, reference.as_str()).await?;
            let last = tickets::events(&mut db, ticket.id).await?.pop();
            let page = StalePage { frame: Frame::new(app, staff, "queue"), ticket, last, wish, now };
            Ok((StatusCode::CONFLICT, html(&page)?).into_response())
        }
    }
}

/// The state that a form was drawn from; one without it is as old as can be.
fn version(form: &Form) -> i32 {
    form.raw("version").parse().unwrap_or(0)
}
