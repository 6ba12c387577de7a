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
    acts::{Act, to_place, version},
    stale::Wish,
    ticket::find,
};
use crate::{
    app::{App, Now},
    staff::{Frame, Staff},
    tickets::{
        self, Duplicate, Reference, Ticket, Verb, What,
        verbs::{self, NotMerged, Outcome},
    },
    web::{Error, Form, html},
    words::Say,
};

/// How many duplicates a page names.
pub(super) const MOST_NAMED: i64 = 50;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/merge", get(ask).post(merge))
}

#[derive(Template)]
#[template(path = "desk/merge.html")]
struct MergePage {
    frame: Frame,
    ticket: Ticket,
    duplicates: Vec<Duplicate>,
    into: String,
    wrong: Option<Say>,
    version: i32,
}

impl MergePage {
    fn wrong(&self) -> Option<String> {
        self.wrong.as_ref().map(|say| self.frame.lang().say(say))
    }
}

async fn ask(State(app): State<App>, staff: Staff, Path(reference): Path<String>) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    let ticket = find(&mut db, &reference).await?;
    page(&app, &mut db, &staff, ticket, String::new(), None).await
}

async fn page(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    ticket: Ticket,
    into: String,
    wrong: Option<(Say, i32)>,
) -> Result<Response, Error> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let duplicates = tickets::duplicates(db, ticket.id, MOST_NAMED).await?;
    let version = wrong.as_ref().map_or(ticket.version, |(_, version)| *version);
    let wrong = wrong.map(|(say, _)| say);
    let page = MergePage { frame: Frame::new(app, staff, "queue"), ticket, duplicates, into, wrong, version };
    Ok((status, html(&page)?).into_response())
}

/// Merges the ticket into the one named by `into`, in any spelling; `none` separates it again.
async fn merge(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut act = Act::begin(&app, &staff, &reference, &form, now).await?;
    let into = form.line("into");
    if into == "none" {
        let wish = Wish { say: Say::new("stale-wish-separate"), to: "merge", fields: vec![("into", into)] };
        return act.verb(Verb::Separate, wish).await;
    }
    let main = match target(&mut act.tx, &into).await? {
        Ok(main) => main,
        Err(wrong) => return refused(act, into, wrong).await,
    };
    let (seen, by) = (act.seen(), act.by());
    let why = match verbs::merge(&mut act.tx, &[seen], main.id, by).await? {
        Ok(merged) => match merged.outcomes[..] {
            [Outcome::Done | Outcome::Already] => {
                act.tx.commit().await?;
                return Ok(to_place(&merged.main, "related"));
            }
            _ => NotMerged::Stale,
        },
        Err(why) => why,
    };
    if why == NotMerged::Stale {
        let say = Say::new("stale-wish-merge").with("main", main.reference.to_string());
        let wish = Wish { say, to: "merge", fields: vec![("into", into)] };
        return act.stale(wish, |what| matches!(what, What::MergedInto { .. })).await;
    }
    refused(act, into, complaint(why, &main.reference)).await
}

/// The ticket that somebody means.
///
/// # Errors
/// Within: a complaint, when it can't be read or does not exist.
pub(super) async fn target(db: &mut PgConnection, typed: &str) -> Result<Result<Ticket, Say>, Error> {
    if typed.is_empty() {
        return Ok(Err(Say::new("merge-missing")));
    }
    let reference: Reference = match typed.parse() {
        Ok(reference) => reference,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let ticket = tickets::by_reference(db, &reference).await?;
    Ok(ticket.ok_or_else(|| Say::new("queue-unknown").with("reference", reference.to_string())))
}

/// Why a ticket can't be merged into this one.
pub(super) fn complaint(why: NotMerged, main: &Reference) -> Say {
    let id = match why {
        NotMerged::Itself => "merge-itself",
        NotMerged::IntoSpam => "merge-into-spam",
        NotMerged::Gone => "queue-unknown",
        NotMerged::Stale => "merge-stale",
    };
    Say::new(id).with("reference", main.to_string())
}

async fn refused(act: Act<'_>, into: String, wrong: Say) -> Result<Response, Error> {
    let Act { app, staff, mut tx, ticket, form, .. } = act;
    page(app, &mut tx, staff, ticket, into, Some((wrong, version(form)))).await
}
