//! What staff do to a ticket: small POST resources under it. Who was second is shown both: what changed, and what they
//! wanted.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use sqlx::{PgConnection, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    saved,
    stale::{self, Wish, since},
    ticket::{Kept, find, page},
    until, wait,
};
use crate::{
    app::{App, Now},
    guides::Guides,
    staff::{Person, Staff, colleagues},
    tickets::{
        self, Actor, Note, Reference, Reply, Status, Ticket, Verb, Whom,
        verbs::{self, By, Outcome, Seen},
    },
    web::{Error, Form, html},
    words::Say,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/tickets/{reference}/assignment", post(assign))
        .route("/staff/tickets/{reference}/status", post(set_status))
        .route("/staff/tickets/{reference}/notes", post(note))
        .route("/staff/tickets/{reference}/replies", post(reply))
}

/// Everything a verb's handler works with: the ticket is read in the transaction that changes it.
pub(super) struct Act<'a> {
    pub app: &'a App,
    pub staff: &'a Staff,
    pub tx: Transaction<'static, Postgres>,
    pub ticket: Ticket,
    pub form: &'a Form,
    pub now: OffsetDateTime,
}

impl<'a> Act<'a> {
    pub async fn begin(
        app: &'a App,
        staff: &'a Staff,
        reference: &str,
        form: &'a Form,
        now: OffsetDateTime,
    ) -> Result<Act<'a>, Error> {
        let mut tx = app.db.begin().await?;
        let ticket = find(&mut tx, reference).await?;
        Ok(Act { app, staff, tx, ticket, form, now })
    }

    /// The ticket as the form saw it.
    pub fn seen(&self) -> Seen {
        Seen { id: self.ticket.id, version: version(self.form) }
    }

    pub fn by(&self) -> By {
        By::new(Actor::Staff(self.staff.id), self.now)
    }

    /// Does it, and leads to the ticket; or says why not.
    pub async fn verb(mut self, verb: Verb, wish: Wish) -> Result<Response, Error> {
        let (seen, by) = (self.seen(), self.by());
        match verbs::act_on(&mut self.tx, seen, &verb, None, by).await? {
            Outcome::Done | Outcome::Already => self.done(wish.place()).await,
            Outcome::Stale | Outcome::Closed => self.stale(wish, |last| verb.comes_to(last)).await,
            Outcome::Held => {
                // a reason that was asked for and is still missing
                let wrong = self.form.has("reason").then(|| Say::new("held-reason-missing"));
                stale::held(self.app, self.staff, self.ticket, wish, wrong)
            }
            Outcome::Duplicate => stale::duplicate(self.app, self.staff, self.ticket, wish),
            Outcome::Gone => Err(Error::NotFound),
        }
    }

    async fn done(self, place: &str) -> Result<Response, Error> {
        self.tx.commit().await?;
        Ok(to_place(&self.ticket.reference, place))
    }

    /// Somebody was first. Who pressed twice was first themselves, and is told nothing of it.
    pub async fn stale(mut self, wish: Wish, is_wish: impl Fn(&tickets::What) -> bool) -> Result<Response, Error> {
        let ticket = find(&mut self.tx, self.ticket.reference.as_str()).await?;
        let since = since(tickets::events(&mut self.tx, ticket.id).await?, &ticket, version(self.form));
        if let [only] = &since[..]
            && only.staff == Some(self.staff.id)
            && is_wish(&only.what)
        {
            return Ok(to_place(&ticket.reference, wish.place()));
        }
        stale::stale(self.app, self.staff, ticket, since, wish, self.now)
    }

    /// The page with what was written and why it was not taken.
    async fn not_taken(mut self, guides: &Guides, kept: Kept) -> Result<Response, Error> {
        let page = page(self.app, &mut self.tx, self.staff, self.ticket, guides, Some(kept), self.now).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
    }
}

async fn assign(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut act = Act::begin(&app, &staff, &reference, &form, now).await?;
    let to = person(&mut act.tx, &staff, form.raw("assignee")).await?;
    let say = match &to {
        Some(to) => Say::new("stale-wish-assign").with("name", to.name.as_str()),
        None => Say::new("stale-wish-release"),
    };
    let mut fields = vec![("assignee", form.raw("assignee").to_owned())];
    let reason = form.line("reason");
    let anybody_elses = act.ticket.assignee.is_some_and(|has| has != staff.id);
    if !reason.is_empty() || (to.is_some() && anybody_elses) {
        fields.push(("reason", reason.clone()));
    }
    let wish = Wish { say, to: "assignment", fields };
    let reason = match written(&reason) {
        Ok(reason) => reason,
        Err(wrong) => return stale::held(&app, &staff, act.ticket, wish, Some(wrong)),
    };
    let verb = match to {
        Some(to) => Verb::Give { to, reason },
        None => Verb::Release { reason },
    };
    act.verb(verb, wish).await
}

/// Who is meant: `me`, `none`, or a colleague's id.
pub(super) async fn person(db: &mut PgConnection, staff: &Staff, who: &str) -> Result<Option<Person>, Error> {
    match who {
        "me" => Ok(Some(staff.person())),
        "none" => Ok(None),
        id => {
            let id = Uuid::parse_str(id).map_err(|_| Error::BadRequest)?;
            let person = colleagues(db).await?.into_iter().find(|person| person.id == id);
            person.map(Some).ok_or(Error::BadRequest)
        }
    }
}

async fn set_status(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let to: Status = form.raw("status").parse().map_err(|()| Error::BadRequest)?;
    let act = Act::begin(&app, &staff, &reference, &form, now).await?;
    let say = Say::new("stale-wish-status").with("status", Say::new(to.label()));
    let mut fields = vec![("status", to.as_str().to_owned())];
    let verb = match to {
        Status::New => Verb::Renew,
        Status::Open => Verb::Open,
        Status::Spam => Verb::Spam,
        Status::Waiting => {
            for name in ["whom", "until", "date", "time", "reason"] {
                fields.push((name, form.line(name)));
            }
            match waiting(&form, now, &app) {
                Ok(verb) => verb,
                Err(wrong) => return wait::page(&app, &staff, act.ticket, &form, Some(wrong), now),
            }
        }
        Status::Resolved => {
            let text = form.block("text");
            fields.push(("text", text.clone()));
            // who writes and resolves means to say something; the button beside the conversation says nothing
            let is_silent = text.is_empty() && form.raw("kind").is_empty();
            match (!is_silent).then(|| reply_in(&form)).transpose() {
                Ok(text) => Verb::Resolve { text },
                Err(kept) => return act.not_taken(&guides, kept).await,
            }
        }
        // of which ticket? that is what merging asks
        Status::Duplicate => return Err(Error::BadRequest),
    };
    act.verb(verb, Wish { say, to: "status", fields }).await
}

/// How a form wants to wait.
///
/// # Errors
/// A complaint about the day, or about the reason.
pub(super) fn waiting(form: &Form, now: OffsetDateTime, app: &App) -> Result<Verb, wait::Wrong> {
    let until = until::read(form, now, &app.operator).map_err(wait::Wrong::Until)?;
    let reason = written(&form.line("reason")).map_err(wait::Wrong::Reason)?;
    Ok(Verb::Wait { whom: Whom::named(form.raw("whom")), until, reason })
}

/// A reason, which may be missing.
pub(super) fn written(reason: &str) -> Result<Option<Note>, Say> {
    Some(reason).filter(|reason| !reason.is_empty()).map(|reason| Note::written(reason.to_owned())).transpose()
}

async fn note(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut act = Act::begin(&app, &staff, &reference, &form, now).await?;
    let note = match Note::written(form.block("text")) {
        Ok(note) => note,
        Err(wrong) => return act.not_taken(&guides, Kept::of("note", &form, Some(wrong))).await,
    };
    verbs::note(&mut act.tx, &act.ticket, note, submission(&form), Actor::Staff(staff.id), now).await?;
    act.done("conversation").await
}

async fn reply(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut act = Act::begin(&app, &staff, &reference, &form, now).await?;
    let reply = match reply_in(&form) {
        Ok(reply) => reply,
        Err(kept) => return act.not_taken(&guides, kept).await,
    };
    let (seen, by, verb) = (act.seen(), act.by(), Verb::Reply { text: reply });
    let outcome = verbs::act_on(&mut act.tx, seen, &verb, Some(submission(&form)), by).await?;
    if outcome == Outcome::Done && form.has("version") && was_answered(&mut act).await? {
        // the transaction ends without the answer: the customer would get two
        let Act { app, staff, tx, ticket, form, now } = act;
        drop(tx);
        let act = Act::begin(app, staff, ticket.reference.as_str(), form, now).await?;
        let fields = vec![("text", form.block("text")), ("submission", form.raw("submission").to_owned())];
        let wish = Wish { say: Say::new("stale-wish-reply"), to: "replies", fields };
        return act.stale(wish, |_| false).await;
    }
    act.done("conversation").await
}

/// What is to go to the customer: with something in it and nothing left to be filled in. A browser without styles or with
/// a keyboard shortcut of its own may press the wrong button; what is marked as a note stays here.
fn reply_in(form: &Form) -> Result<Reply, Kept> {
    if form.raw("kind") == "note" {
        return Err(Kept::of("note", form, Some(Say::new("compose-note-not-sent"))));
    }
    let text = form.block("text");
    let written = match saved::left_over(&text) {
        Some(wrong) => Err(wrong),
        None => Reply::written(text),
    };
    written.map_err(|wrong| Kept::of("reply", form, Some(wrong)))
}

/// Whether somebody else has answered, or the customer has written, since the form was drawn; the answer that was just
/// added does not count.
async fn was_answered(act: &mut Act<'_>) -> Result<bool, Error> {
    let ticket = find(&mut act.tx, act.ticket.reference.as_str()).await?;
    if ticket.version <= version(act.form) + 1 {
        return Ok(false);
    }
    let mut since = since(tickets::events(&mut act.tx, ticket.id).await?, &ticket, version(act.form));
    since.pop();
    let mut others = since.iter().filter(|event| event.staff != Some(act.staff.id) && !event.withdrawn);
    Ok(others
        .any(|event| event.for_customer().is_some() || event.from_customer().is_some() || event.sent_again().is_some()))
}

/// The ticket's page, where its reader was: the next Tab goes on from there.
pub(super) fn to_place(reference: &Reference, place: &str) -> Response {
    Redirect::to(&format!("/staff/tickets/{reference}#{place}")).into_response()
}

/// The id of the form that a text was written in: sent twice, it counts once.
fn submission(form: &Form) -> Uuid {
    Uuid::parse_str(form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4())
}

/// The state that a form was drawn from; one without it is as old as can be.
pub(super) fn version(form: &Form) -> i32 {
    form.raw("version").parse().unwrap_or(0)
}
