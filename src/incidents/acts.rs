//! What staff do to an incident: small POST resources under it.

use axum::{
    Router,
    extract::{Path, State as AppState},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Incident, State, draft,
    pages::{Written, number, page, renew},
    store,
};
use crate::{
    app::{App, Now},
    notices::Texts,
    staff::Staff,
    tickets::{
        self, Actor, Reference,
        incident::{How, join, leave},
        verbs::By,
    },
    web::{Error, Form, html},
    words::Say,
};

/// Tickets that a form of the page can name: all that it proposes.
const MOST: usize = 200;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/incidents/{id}/confirmation", post(confirm))
        .route("/staff/incidents/{id}/dismissal", post(dismiss))
        .route("/staff/incidents/{id}/publication", post(publish))
        .route("/staff/incidents/{id}/updates", post(write))
        .route("/staff/incidents/{id}/resolution", post(resolve))
        .route("/staff/incidents/{id}/tickets", post(choose))
}

/// Everything that a handler works with.
struct Act {
    app: App,
    staff: Staff,
    incident: Incident,
    version: i32,
    now: OffsetDateTime,
}

impl Act {
    async fn begin(app: App, staff: Staff, id: &str, form: &Form, now: OffsetDateTime) -> Result<Act, Error> {
        let incident = store::one(&mut *app.db.read().await?, number(id)?).await?.ok_or(Error::NotFound)?;
        Ok(Act { app, staff, incident, version: form.raw("version").parse().unwrap_or(0), now })
    }

    fn by(&self) -> By {
        By::new(Actor::Staff(self.staff.id), self.now)
    }

    fn done(&self) -> Response {
        Redirect::to(&format!("/staff/incidents/{}", self.incident.id)).into_response()
    }

    /// The incident as it is now, with what was written.
    async fn again(&self, status: StatusCode, written: Written, late: Option<Say>) -> Result<Response, Error> {
        let mut db = self.app.db.read().await?;
        let mut page =
            page(&self.app, &mut db, &self.staff, (self.incident.id, Uuid::nil()), written, self.now).await?;
        page.late = late;
        Ok((status, html(&page)?).into_response())
    }

    /// Somebody was first. Who wanted what is so by now is told nothing of it.
    async fn late(&self, wanted: &[State], written: Written) -> Result<Response, Error> {
        let now = store::one(&mut *self.app.db.read().await?, self.incident.id).await?.ok_or(Error::NotFound)?;
        if wanted.contains(&now.state) {
            return Ok(self.done());
        }
        let say = Say::new("incident-late").with("name", now.changed_by.unwrap_or_default());
        self.again(StatusCode::CONFLICT, written, Some(say)).await
    }
}

/// "Yes, this is one": the tickets of the proposal join. `act=undo` takes that back, as long as nothing is published.
async fn confirm(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let act = Act::begin(app, staff, &id, &form, now).await?;
    let (id, by) = (act.incident.id, act.by());
    let mut tx = act.app.db.begin().await?;
    if form.raw("act") == "undo" {
        let can = act.incident.confirmed_at.is_some();
        if !can || !store::step(&mut tx, id, act.version, (State::Draft, State::Proposed), act.staff.id, now).await? {
            drop(tx);
            return act.late(&[State::Proposed], Written::new()).await;
        }
        let matched = store::matched(&mut tx, id).await?;
        leave(&mut tx, &matched, id, by).await?;
    } else {
        if !store::step(&mut tx, id, act.version, (State::Proposed, State::Draft), act.staff.id, now).await? {
            drop(tx);
            return act.late(&[State::Draft, State::Published], Written::new()).await;
        }
        let candidates = store::candidates(&mut tx, id, i64::MAX).await?;
        let ids: Vec<_> = candidates.iter().map(|kin| kin.id).collect();
        // those that another incident has by now stay there, and its page does not list them
        let _ = join(&mut tx, &ids, id, How::Matched, by).await?;
    }
    tx.commit().await?;
    Ok(act.done())
}

/// "No, these have nothing to do with each other." `act=undo` brings the proposal back.
async fn dismiss(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let act = Act::begin(app, staff, &id, &form, now).await?;
    let step = match form.raw("act") {
        "undo" => (State::Dismissed, State::Proposed),
        _ => (State::Proposed, State::Dismissed),
    };
    let mut tx = act.app.db.begin().await?;
    let done = match store::step(&mut tx, act.incident.id, act.version, step, act.staff.id, now).await {
        // meanwhile there is a newer proposal of the same kind
        Err(sqlx::Error::Database(cause)) if cause.is_unique_violation() => {
            drop(tx);
            let say = Say::new("incident-proposed-again");
            return act.again(StatusCode::CONFLICT, Written::new(), Some(say)).await;
        }
        done => done?,
    };
    if !done {
        drop(tx);
        return act.late(&[step.1], Written::new()).await;
    }
    tx.commit().await?;
    Ok(act.done())
}

async fn publish(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let act = Act::begin(app, staff, &id, &form, now).await?;
    if act.incident.state == State::Draft && !act.incident.can_be_published() {
        let say = Say::new("incident-not-whole");
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, Written::new(), Some(say)).await;
    }
    let mut tx = act.app.db.begin().await?;
    if !store::step(&mut tx, act.incident.id, act.version, (State::Draft, State::Published), act.staff.id, now).await? {
        drop(tx);
        return act.late(&[State::Published], Written::new()).await;
    }
    tx.commit().await?;
    renew(&act.app).await;
    Ok(act.done())
}

/// What was written to all who joined, kept where it can't be taken.
fn written(form: &Form) -> Written {
    let submission = Uuid::parse_str(form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4());
    let texts = Texts::of(form.block("text_pl"), form.block("text_en"));
    Written { texts, wrong: Vec::new(), submission }
}

async fn write(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let act = Act::begin(app, staff, &id, &form, now).await?;
    let mut kept = written(&form);
    let texts = match draft::update(&form) {
        Ok(texts) => texts,
        Err(wrong) => {
            kept.wrong = wrong;
            return act.again(StatusCode::UNPROCESSABLE_ENTITY, kept, None).await;
        }
    };
    let news =
        store::Written { incident: act.incident.id, submission: kept.submission, texts: &texts, by: act.staff.id };
    let mut tx = act.app.db.begin().await?;
    if !store::write(&mut tx, &news, now).await? {
        drop(tx);
        return act.late(&[], kept).await;
    }
    tx.commit().await?;
    renew(&act.app).await;
    Ok(act.done())
}

/// It is over: everybody reads so from now on, and the tickets follow lot by lot.
async fn resolve(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let act = Act::begin(app, staff, &id, &form, now).await?;
    let mut kept = written(&form);
    let texts = match draft::update(&form) {
        Ok(texts) => texts,
        Err(wrong) => {
            kept.wrong = wrong;
            return act.again(StatusCode::UNPROCESSABLE_ENTITY, kept, None).await;
        }
    };
    let mut tx = act.app.db.begin().await?;
    let step = (State::Published, State::Resolving);
    if !store::step(&mut tx, act.incident.id, act.version, step, act.staff.id, now).await? {
        drop(tx);
        let is_mine = act.incident.state != State::Published && was_written(&act, kept.submission).await?;
        let wanted: &[State] = if is_mine { &[State::Resolving, State::Resolved] } else { &[] };
        return act.late(wanted, kept).await;
    }
    let news =
        store::Written { incident: act.incident.id, submission: kept.submission, texts: &texts, by: act.staff.id };
    store::write_last(&mut tx, &news, now).await?;
    tx.commit().await?;
    renew(&act.app).await;
    Ok(act.done())
}

/// Whether this form was here before.
async fn was_written(act: &Act, submission: Uuid) -> Result<bool, Error> {
    Ok(store::was_written(&mut *act.app.db.read().await?, act.incident.id, submission).await?)
}

/// Tickets that are chosen on the page: they join, they don't belong, or they leave.
async fn choose(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let act = Act::begin(app, staff, &id, &form, now).await?;
    let references: Vec<_> = form
        .all("ticket")
        .iter()
        .filter_map(|typed| typed.parse::<Reference>().ok())
        .map(|reference| reference.as_str().to_owned())
        .take(MOST)
        .collect();
    if references.is_empty() {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, Written::new(), Some(Say::new("bulk-nothing"))).await;
    }
    let (id, by) = (act.incident.id, act.by());
    let mut tx = act.app.db.begin().await?;
    let ids: Vec<_> = tickets::seen(&mut tx, &references).await?.into_iter().map(|(_, seen)| seen.id).collect();
    match form.raw("act") {
        "join" => {
            // what became of each is seen on the page: those that could not join are not listed among its tickets
            let joined = join(&mut tx, &ids, id, How::Staff, by).await?;
            let others = joined.iter().filter(|one| matches!(one, tickets::incident::Joined::Other(_))).count();
            tx.commit().await?;
            if others > 0 {
                let say = Say::new("incident-others").with("count", others);
                return act.again(StatusCode::CONFLICT, Written::new(), Some(say)).await;
            }
            return Ok(act.done());
        }
        "decline" => store::decline(&mut tx, id, &ids, now).await?,
        "leave" => {
            leave(&mut tx, &ids, id, by).await?;
            store::decline(&mut tx, id, &ids, now).await?;
        }
        _ => return Err(Error::BadRequest),
    }
    tx.commit().await?;
    Ok(act.done())
}
