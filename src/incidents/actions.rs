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
    Incident, IncidentState, form,
    pages::{IncidentUpdateForm, load_page, parse_id, refresh_cache_or_log},
    store,
};
use crate::{
    app::App,
    i18n::UiMessage,
    public_incidents::LocalizedText,
    staff::Staff,
    tickets::{
        self, Actor, TicketReference,
        command::{
            incident::{JoinSource, join, leave},
            update::CommandContext,
        },
    },
    web::{AppError, Form, render_html},
};

/// Tickets that a form of the page can name: all that it proposes.
const MAX_TICKETS_PER_FORM: usize = 200;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/incidents/{id}/confirmation", post(confirm))
        .route("/staff/incidents/{id}/dismissal", post(dismiss))
        .route("/staff/incidents/{id}/publication", post(publish))
        .route("/staff/incidents/{id}/updates", post(create_update))
        .route("/staff/incidents/{id}/resolution", post(resolve))
        .route("/staff/incidents/{id}/tickets", post(update_tickets))
}

/// Everything that a handler works with.
struct IncidentAction {
    app: App,
    staff: Staff,
    incident: Incident,
    form: Form,
    version: i32,
    now: OffsetDateTime,
}

impl FromRequest<App> for IncidentAction {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<IncidentAction, Response> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, app).await?;
        let act = IncidentAction::load(app, staff, parts, body).await;
        act.map_err(IntoResponse::into_response)
    }
}

impl IncidentAction {
    async fn load(app: &App, staff: Staff, mut parts: Parts, body: Body) -> Result<IncidentAction, AppError> {
        let Path(id) = Path::<String>::from_request_parts(&mut parts, app).await.map_err(|_| AppError::NotFound)?;
        let form = Form::from_request(Request::from_parts(parts, body), app).await?;
        let incident = store::find(&mut *app.db.acquire().await?, parse_id(&id)?).await?.ok_or(AppError::NotFound)?;
        let version = form.raw("version").parse().unwrap_or(0);
        Ok(IncidentAction { app: app.clone(), staff, incident, form, version, now: app.clock.now() })
    }

    fn ticket_context(&self) -> CommandContext {
        CommandContext::new(Actor::Staff(self.staff.id), self.now)
    }

    /// Whether the page's button takes something back.
    fn is_undo(&self) -> bool {
        self.form.raw("act") == "undo"
    }

    /// Takes the incident from one state to another, unless somebody has changed it since the page was drawn.
    async fn transition(
        &self,
        db: &mut PgConnection,
        step: (IncidentState, IncidentState),
    ) -> Result<bool, sqlx::Error> {
        store::transition(db, self.incident.id, self.version, step, self.staff.id, self.now).await
    }

    /// What was written to all who joined, and as it is kept where it can't be taken. Else the page with what is wrong.
    async fn parse_update(&self) -> Result<Result<(LocalizedText, IncidentUpdateForm), Response>, AppError> {
        let submission = Uuid::parse_str(self.form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4());
        let texts = LocalizedText::new(self.form.multi_line("text_pl"), self.form.multi_line("text_en"));
        let kept = IncidentUpdateForm { text: texts, errors: Vec::new(), submission };
        Ok(match form::parse_update(&self.form) {
            Ok(texts) => Ok((texts, kept)),
            Err(wrong) => Err(self
                .render_page(StatusCode::UNPROCESSABLE_ENTITY, IncidentUpdateForm { errors: wrong, ..kept }, None)
                .await?),
        })
    }

    /// From now on everybody reads it.
    async fn commit_and_refresh(self, tx: Transaction<'static, Postgres>) -> Result<Response, AppError> {
        tx.commit().await?;
        refresh_cache_or_log(&self.app).await;
        Ok(self.redirect_to_incident())
    }

    fn redirect_to_incident(&self) -> Response {
        Redirect::to(&format!("/staff/incidents/{}", self.incident.id)).into_response()
    }

    /// The incident as it is now, with what was written.
    async fn render_page(
        &self,
        status: StatusCode,
        written: IncidentUpdateForm,
        late: Option<UiMessage>,
    ) -> Result<Response, AppError> {
        let mut db = self.app.db.acquire().await?;
        let mut page =
            load_page(&self.app, &mut db, &self.staff, (self.incident.id, Uuid::nil()), written, self.now).await?;
        page.conflict = late;
        Ok((status, render_html(&page)?).into_response())
    }

    /// Somebody was first. Who wanted what is so by now is told nothing of it.
    async fn resolve_conflict(
        &self,
        wanted: &[IncidentState],
        written: IncidentUpdateForm,
    ) -> Result<Response, AppError> {
        let now = store::find(&mut *self.app.db.acquire().await?, self.incident.id).await?.ok_or(AppError::NotFound)?;
        if wanted.contains(&now.state) {
            return Ok(self.redirect_to_incident());
        }
        let say = UiMessage::new("incident-conflict").with("name", now.updated_by_name.unwrap_or_default());
        self.render_page(StatusCode::CONFLICT, written, Some(say)).await
    }
}

/// "Yes, this is one": the tickets of the proposal join. `act=undo` takes that back, as long as nothing is published.
async fn confirm(act: IncidentAction) -> Result<Response, AppError> {
    let (id, by) = (act.incident.id, act.ticket_context());
    let mut tx = act.app.db.begin().await?;
    if act.is_undo() {
        let can = act.incident.confirmed_at.is_some();
        if !can || !act.transition(&mut tx, (IncidentState::Draft, IncidentState::Proposed)).await? {
            drop(tx);
            return act.resolve_conflict(&[IncidentState::Proposed], IncidentUpdateForm::new()).await;
        }
        let list_matched_ticket_ids = store::list_matched_ticket_ids(&mut tx, id).await?;
        leave(&mut tx, &list_matched_ticket_ids, id, by).await?;
    } else {
        if !act.transition(&mut tx, (IncidentState::Proposed, IncidentState::Draft)).await? {
            drop(tx);
            return act
                .resolve_conflict(&[IncidentState::Draft, IncidentState::Published], IncidentUpdateForm::new())
                .await;
        }
        let candidates = store::list_candidate_tickets(&mut tx, id, i64::MAX).await?;
        let ids: Vec<_> = candidates.iter().map(|kin| kin.id).collect();
        // those that another incident has by now stay there, and its page does not list them
        let _ = join(&mut tx, &ids, id, JoinSource::Matched, by).await?;
    }
    tx.commit().await?;
    Ok(act.redirect_to_incident())
}

/// "No, these have nothing to do with each other." `act=undo` brings the proposal back.
async fn dismiss(act: IncidentAction) -> Result<Response, AppError> {
    let step = match act.is_undo() {
        true => (IncidentState::Dismissed, IncidentState::Proposed),
        false => (IncidentState::Proposed, IncidentState::Dismissed),
    };
    let mut tx = act.app.db.begin().await?;
    let done = match act.transition(&mut tx, step).await {
        // meanwhile there is a newer proposal of the same kind
        Err(sqlx::Error::Database(cause)) if cause.is_unique_violation() => {
            drop(tx);
            let say = UiMessage::new("incident-proposed-again");
            return act.render_page(StatusCode::CONFLICT, IncidentUpdateForm::new(), Some(say)).await;
        }
        done => done?,
    };
    if !done {
        drop(tx);
        return act.resolve_conflict(&[step.1], IncidentUpdateForm::new()).await;
    }
    tx.commit().await?;
    Ok(act.redirect_to_incident())
}

async fn publish(act: IncidentAction) -> Result<Response, AppError> {
    if act.incident.state == IncidentState::Draft && !act.incident.can_be_published() {
        let say = UiMessage::new("incident-text-incomplete");
        return act.render_page(StatusCode::UNPROCESSABLE_ENTITY, IncidentUpdateForm::new(), Some(say)).await;
    }
    let mut tx = act.app.db.begin().await?;
    if !act.transition(&mut tx, (IncidentState::Draft, IncidentState::Published)).await? {
        drop(tx);
        return act.resolve_conflict(&[IncidentState::Published], IncidentUpdateForm::new()).await;
    }
    act.commit_and_refresh(tx).await
}

async fn create_update(act: IncidentAction) -> Result<Response, AppError> {
    let (texts, kept) = match act.parse_update().await? {
        Ok(news) => news,
        Err(again) => return Ok(again),
    };
    let news = store::NewIncidentUpdate {
        incident_id: act.incident.id,
        submission: kept.submission,
        text: &texts,
        staff_id: act.staff.id,
    };
    let mut tx = act.app.db.begin().await?;
    if !store::insert_incident_update(&mut tx, &news, act.now).await? {
        drop(tx);
        return act.resolve_conflict(&[], kept).await;
    }
    act.commit_and_refresh(tx).await
}

/// It is over: everybody reads so from now on, and the tickets follow lot by lot.
async fn resolve(act: IncidentAction) -> Result<Response, AppError> {
    let (texts, kept) = match act.parse_update().await? {
        Ok(news) => news,
        Err(again) => return Ok(again),
    };
    let mut tx = act.app.db.begin().await?;
    let step = (IncidentState::Published, IncidentState::Resolving);
    if !act.transition(&mut tx, step).await? {
        drop(tx);
        let is_mine =
            act.incident.state != IncidentState::Published && incident_update_exists(&act, kept.submission).await?;
        let wanted: &[IncidentState] = if is_mine { &[IncidentState::Resolving, IncidentState::Resolved] } else { &[] };
        return act.resolve_conflict(wanted, kept).await;
    }
    let news = store::NewIncidentUpdate {
        incident_id: act.incident.id,
        submission: kept.submission,
        text: &texts,
        staff_id: act.staff.id,
    };
    store::insert_resolution_update(&mut tx, &news, act.now).await?;
    act.commit_and_refresh(tx).await
}

/// Whether this form was here before.
async fn incident_update_exists(act: &IncidentAction, submission: Uuid) -> Result<bool, AppError> {
    Ok(store::incident_update_exists(&mut *act.app.db.acquire().await?, act.incident.id, submission).await?)
}

/// Tickets that are chosen on the page: they join, they don't belong, or they leave.
async fn update_tickets(act: IncidentAction) -> Result<Response, AppError> {
    let references: Vec<_> = act
        .form
        .values("ticket")
        .iter()
        .filter_map(|typed| typed.parse::<TicketReference>().ok())
        .map(|reference| reference.as_str().to_owned())
        .take(MAX_TICKETS_PER_FORM)
        .collect();
    if references.is_empty() {
        return act
            .render_page(
                StatusCode::UNPROCESSABLE_ENTITY,
                IncidentUpdateForm::new(),
                Some(UiMessage::new("bulk-nothing")),
            )
            .await;
    }
    let (id, by) = (act.incident.id, act.ticket_context());
    let mut tx = act.app.db.begin().await?;
    let ids: Vec<_> =
        tickets::find_expected_versions(&mut tx, &references).await?.into_iter().map(|(_, seen)| seen.id).collect();
    match act.form.raw("act") {
        "join" => {
            // what became of each is seen on the page: those that could not join are not listed among its tickets
            let joined = join(&mut tx, &ids, id, JoinSource::Staff, by).await?;
            let others = joined
                .iter()
                .filter(|one| matches!(one, tickets::command::incident::JoinOutcome::InOtherIncident(_)))
                .count();
            tx.commit().await?;
            if others > 0 {
                let say = UiMessage::new("incident-tickets-in-other").with("count", others);
                return act.render_page(StatusCode::CONFLICT, IncidentUpdateForm::new(), Some(say)).await;
            }
            return Ok(act.redirect_to_incident());
        }
        "decline" => store::decline_tickets(&mut tx, id, &ids, act.now).await?,
        "leave" => {
            leave(&mut tx, &ids, id, by).await?;
            store::decline_tickets(&mut tx, id, &ids, act.now).await?;
        }
        _ => return Err(AppError::BadRequest),
    }
    tx.commit().await?;
    Ok(act.redirect_to_incident())
}
