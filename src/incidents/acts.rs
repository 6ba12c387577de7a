//! What staff do to an incident: small POST resources under it.

use axum::{
    Router,
    body::Body,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use sqlx::{PgConnection, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Incident, State, draft,
    pages::{Written, number, page, renew},
    store,
};
use crate::{
    app::App,
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
    form: Form,
    version: i32,
    now: OffsetDateTime,
}

impl FromRequest<App> for Act {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Act, Response> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, app).await?;
        let act = Act::begin(app, staff, parts, body).await;
        act.map_err(IntoResponse::into_response)
    }
}

impl Act {
    async fn begin(app: &App, staff: Staff, mut parts: Parts, body: Body) -> Result<Act, Error> {
        let Path(id) = Path::<String>::from_request_parts(&mut parts, app).await.map_err(|_| Error::NotFound)?;
        let form = Form::from_request(Request::from_parts(parts, body), app).await?;
        let incident = store::one(&mut *app.db.read().await?, number(&id)?).await?.ok_or(Error::NotFound)?;
        let version = form.raw("version").parse().unwrap_or(0);
        Ok(Act { app: app.clone(), staff, incident, form, version, now: app.clock.now() })
    }

    fn by(&self) -> By {
        By::new(Actor::Staff(self.staff.id), self.now)
    }

    /// Whether the page's button takes something back.
    fn is_undone(&self) -> bool {
        self.form.raw("act") == "undo"
    }

    /// Takes the incident from one state to another, unless somebody has changed it since the page was drawn.
    async fn step(&self, db: &mut PgConnection, step: (State, State)) -> Result<bool, sqlx::Error> {
        store::step(db, self.incident.id, self.version, step, self.staff.id, self.now).await
    }

    /// What was written to all who joined, and as it is kept where it can't be taken. Else the page with what is wrong.
    async fn news(&self) -> Result<Result<(Texts, Written), Response>, Error> {
        let submission = Uuid::parse_str(self.form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4());
        let texts = Texts::of(self.form.block("text_pl"), self.form.block("text_en"));
        let kept = Written { texts, wrong: Vec::new(), submission };
        Ok(match draft::update(&self.form) {
            Ok(texts) => Ok((texts, kept)),
            Err(wrong) => Err(self.again(StatusCode::UNPROCESSABLE_ENTITY, Written { wrong, ..kept }, None).await?),
        })
    }

    /// From now on everybody reads it.
    async fn publish(self, tx: Transaction<'static, Postgres>) -> Result<Response, Error> {
        tx.commit().await?;
        renew(&self.app).await;
        Ok(self.done())
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
async fn confirm(act: Act) -> Result<Response, Error> {
    let (id, by) = (act.incident.id, act.by());
    let mut tx = act.app.db.begin().await?;
    if act.is_undone() {
        let can = act.incident.confirmed_at.is_some();
        if !can || !act.step(&mut tx, (State::Draft, State::Proposed)).await? {
            drop(tx);
            return act.late(&[State::Proposed], Written::new()).await;
        }
        let matched = store::matched(&mut tx, id).await?;
        leave(&mut tx, &matched, id, by).await?;
    } else {
        if !act.step(&mut tx, (State::Proposed, State::Draft)).await? {
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
async fn dismiss(act: Act) -> Result<Response, Error> {
    let step = match act.is_undone() {
        true => (State::Dismissed, State::Proposed),
        false => (State::Proposed, State::Dismissed),
    };
    let mut tx = act.app.db.begin().await?;
    let done = match act.step(&mut tx, step).await {
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

async fn publish(act: Act) -> Result<Response, Error> {
    if act.incident.state == State::Draft && !act.incident.can_be_published() {
        let say = Say::new("incident-not-whole");
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, Written::new(), Some(say)).await;
    }
    let mut tx = act.app.db.begin().await?;
    if !act.step(&mut tx, (State::Draft, State::Published)).await? {
        drop(tx);
        return act.late(&[State::Published], Written::new()).await;
    }
    act.publish(tx).await
}

async fn write(act: Act) -> Result<Response, Error> {
    let (texts, kept) = match act.news().await? {
        Ok(news) => news,
        Err(again) => return Ok(again),
    };
    let news =
        store::Written { incident: act.incident.id, submission: kept.submission, texts: &texts, by: act.staff.id };
    let mut tx = act.app.db.begin().await?;
    if !store::write(&mut tx, &news, act.now).await? {
        drop(tx);
        return act.late(&[], kept).await;
    }
    act.publish(tx).await
}

/// It is over: everybody reads so from now on, and the tickets follow lot by lot.
async fn resolve(act: Act) -> Result<Response, Error> {
    let (texts, kept) = match act.news().await? {
        Ok(news) => news,
        Err(again) => return Ok(again),
    };
    let mut tx = act.app.db.begin().await?;
    let step = (State::Published, State::Resolving);
    if !act.step(&mut tx, step).await? {
        drop(tx);
        let is_mine = act.incident.state != State::Published && was_written(&act, kept.submission).await?;
        let wanted: &[State] = if is_mine { &[State::Resolving, State::Resolved] } else { &[] };
        return act.late(wanted, kept).await;
    }
    let news =
        store::Written { incident: act.incident.id, submission: kept.submission, texts: &texts, by: act.staff.id };
    store::write_last(&mut tx, &news, act.now).await?;
    act.publish(tx).await
}

/// Whether this form was here before.
async fn was_written(act: &Act, submission: Uuid) -> Result<bool, Error> {
    Ok(store::was_written(&mut *act.app.db.read().await?, act.incident.id, submission).await?)
}

/// Tickets that are chosen on the page: they join, they don't belong, or they leave.
async fn choose(act: Act) -> Result<Response, Error> {
    let references: Vec<_> = act
        .form
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
    match act.form.raw("act") {
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
        "decline" => store::decline(&mut tx, id, &ids, act.now).await?,
        "leave" => {
            leave(&mut tx, &ids, id, by).await?;
            store::decline(&mut tx, id, &ids, act.now).await?;
        }
        _ => return Err(Error::BadRequest),
    }
    tx.commit().await?;
    Ok(act.done())
}
