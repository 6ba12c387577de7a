//! Actions on an incident: small POST resources under its URL.

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
    cache_refresh::refresh_cache_or_log,
    form,
    incident::{Incident, IncidentState},
    pages::{IncidentUpdateForm, load_page, parse_id},
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
            CommandContext,
            incident::{JoinOutcome, JoinSource, join, leave},
        },
    },
    urls,
    web::{AppError, Form, render_html},
};

/// As many tickets as the page proposes at once.
const MAX_TICKETS_PER_FORM: usize = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/staff/incidents/{id}/confirmation", post(confirm))
        .route("/staff/incidents/{id}/dismissal", post(dismiss))
        .route("/staff/incidents/{id}/publication", post(publish))
        .route("/staff/incidents/{id}/updates", post(create_update))
        .route("/staff/incidents/{id}/resolution", post(resolve))
        .route("/staff/incidents/{id}/tickets", post(update_tickets))
}

/// What every handler of an action needs: an extractor.
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
        let action = IncidentAction::load(app, staff, parts, body).await;
        action.map_err(IntoResponse::into_response)
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

    /// Whether the action undoes a previous one.
    fn is_undo(&self) -> bool {
        self.form.raw("command") == "undo"
    }

    /// Changes the state, unless the incident has changed since the page was rendered.
    async fn transition(
        &self,
        db: &mut PgConnection,
        states: (IncidentState, IncidentState),
    ) -> Result<bool, sqlx::Error> {
        store::transition(db, self.incident.id, self.version, states, self.staff.id, self.now).await
    }

    /// Returns the validated update, or the page with the errors as the response.
    async fn parse_update(&self) -> Result<Result<IncidentUpdateForm, Response>, AppError> {
        let submission = Uuid::parse_str(self.form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4());
        let text = LocalizedText::new(self.form.multi_line("text_pl"), self.form.multi_line("text_en"));
        Ok(match form::validate_update(&text) {
            Ok(()) => Ok(IncidentUpdateForm { text, errors: Vec::new(), submission }),
            Err(errors) => {
                let update_form = IncidentUpdateForm { text, errors, submission };
                Err(self.render_page(StatusCode::UNPROCESSABLE_ENTITY, update_form, None).await?)
            }
        })
    }

    async fn commit_and_refresh(self, tx: Transaction<'static, Postgres>) -> Result<Response, AppError> {
        tx.commit().await?;
        refresh_cache_or_log(&self.app).await;
        Ok(self.redirect_to_incident())
    }

    fn redirect_to_incident(&self) -> Response {
        Redirect::to(&urls::staff::incident(self.incident.id)).into_response()
    }

    /// The page of the incident in its current state, with the form as it was submitted.
    async fn render_page(
        &self,
        status: StatusCode,
        update_form: IncidentUpdateForm,
        conflict: Option<UiMessage>,
    ) -> Result<Response, AppError> {
        let mut db = self.app.db.acquire().await?;
        let mut page =
            load_page(&self.app, &mut db, &self.staff, (self.incident.id, Uuid::nil()), update_form, self.now).await?;
        page.conflict = conflict;
        Ok((status, render_html(&page)?).into_response())
    }

    /// Responds after another staff member was first. If the incident is already in one of the requested states, there is no
    /// conflict to show.
    async fn resolve_conflict(
        &self,
        requested: &[IncidentState],
        update_form: IncidentUpdateForm,
    ) -> Result<Response, AppError> {
        let current =
            store::find(&mut *self.app.db.acquire().await?, self.incident.id).await?.ok_or(AppError::NotFound)?;
        if requested.contains(&current.state) {
            return Ok(self.redirect_to_incident());
        }
        let conflict = UiMessage::new("incident-conflict").with("name", current.updated_by_name.unwrap_or_default());
        self.render_page(StatusCode::CONFLICT, update_form, Some(conflict)).await
    }
}

/// Confirms a proposal: its candidate tickets join. `act=undo` reverts that until the incident is published.
async fn confirm(action: IncidentAction) -> Result<Response, AppError> {
    let (id, context) = (action.incident.id, action.ticket_context());
    let mut tx = action.app.db.begin().await?;
    if action.is_undo() {
        let was_proposed = action.incident.confirmed_at.is_some();
        if !was_proposed || !action.transition(&mut tx, (IncidentState::Draft, IncidentState::Proposed)).await? {
            drop(tx);
            return action.resolve_conflict(&[IncidentState::Proposed], IncidentUpdateForm::new()).await;
        }
        let ticket_ids = store::list_matched_ticket_ids(&mut tx, id).await?;
        leave(&mut tx, &ticket_ids, id, context).await?;
    } else {
        if !action.transition(&mut tx, (IncidentState::Proposed, IncidentState::Draft)).await? {
            drop(tx);
            return action
                .resolve_conflict(&[IncidentState::Draft, IncidentState::Published], IncidentUpdateForm::new())
                .await;
        }
        let candidates = store::list_candidate_tickets(&mut tx, id, i64::MAX).await?;
        let ticket_ids: Vec<_> = candidates.iter().map(|ticket| ticket.id).collect();
        // tickets that have joined another incident stay there
        let _ = join(&mut tx, &ticket_ids, id, JoinSource::Matched, context).await?;
    }
    tx.commit().await?;
    Ok(action.redirect_to_incident())
}

/// Dismisses a proposal. `act=undo` restores it.
async fn dismiss(action: IncidentAction) -> Result<Response, AppError> {
    let states = match action.is_undo() {
        true => (IncidentState::Dismissed, IncidentState::Proposed),
        false => (IncidentState::Proposed, IncidentState::Dismissed),
    };
    let mut tx = action.app.db.begin().await?;
    let is_changed = match action.transition(&mut tx, states).await {
        // there is a newer proposal with the same fingerprint
        Err(sqlx::Error::Database(cause)) if cause.is_unique_violation() => {
            drop(tx);
            let conflict = UiMessage::new("incident-proposed-again");
            return action.render_page(StatusCode::CONFLICT, IncidentUpdateForm::new(), Some(conflict)).await;
        }
        result => result?,
    };
    if !is_changed {
        drop(tx);
        return action.resolve_conflict(&[states.1], IncidentUpdateForm::new()).await;
    }
    tx.commit().await?;
    Ok(action.redirect_to_incident())
}

async fn publish(action: IncidentAction) -> Result<Response, AppError> {
    if action.incident.state == IncidentState::Draft && !action.incident.can_be_published() {
        let error = UiMessage::new("incident-text-incomplete");
        return action.render_page(StatusCode::UNPROCESSABLE_ENTITY, IncidentUpdateForm::new(), Some(error)).await;
    }
    let mut tx = action.app.db.begin().await?;
    if !action.transition(&mut tx, (IncidentState::Draft, IncidentState::Published)).await? {
        drop(tx);
        return action.resolve_conflict(&[IncidentState::Published], IncidentUpdateForm::new()).await;
    }
    action.commit_and_refresh(tx).await
}

async fn create_update(action: IncidentAction) -> Result<Response, AppError> {
    let update_form = match action.parse_update().await? {
        Ok(valid) => valid,
        Err(response) => return Ok(response),
    };
    let update = store::NewIncidentUpdate {
        incident_id: action.incident.id,
        submission: update_form.submission,
        text: &update_form.text,
        staff_id: action.staff.id,
    };
    let mut tx = action.app.db.begin().await?;
    if !store::insert_incident_update(&mut tx, &update, action.now).await? {
        drop(tx);
        return action.resolve_conflict(&[], update_form).await;
    }
    action.commit_and_refresh(tx).await
}

/// Starts the resolution: the incident is resolved in public at once, and a job resolves its tickets in batches.
async fn resolve(action: IncidentAction) -> Result<Response, AppError> {
    let update_form = match action.parse_update().await? {
        Ok(valid) => valid,
        Err(response) => return Ok(response),
    };
    let mut tx = action.app.db.begin().await?;
    if !action.transition(&mut tx, (IncidentState::Published, IncidentState::Resolving)).await? {
        drop(tx);
        let is_mine = action.incident.state != IncidentState::Published
            && incident_update_exists(&action, update_form.submission).await?;
        let requested: &[IncidentState] =
            if is_mine { &[IncidentState::Resolving, IncidentState::Resolved] } else { &[] };
        return action.resolve_conflict(requested, update_form).await;
    }
    let update = store::NewIncidentUpdate {
        incident_id: action.incident.id,
        submission: update_form.submission,
        text: &update_form.text,
        staff_id: action.staff.id,
    };
    store::insert_resolution_update(&mut tx, &update, action.now).await?;
    action.commit_and_refresh(tx).await
}

/// Whether this form has been processed before.
async fn incident_update_exists(action: &IncidentAction, submission: Uuid) -> Result<bool, AppError> {
    Ok(store::incident_update_exists(&mut *action.app.db.acquire().await?, action.incident.id, submission).await?)
}

/// Lets the selected tickets join or leave, or declines them as candidates.
async fn update_tickets(action: IncidentAction) -> Result<Response, AppError> {
    let references: Vec<_> = action
        .form
        .values("ticket")
        .iter()
        .filter_map(|value| value.parse::<TicketReference>().ok())
        .map(|reference| reference.as_str().to_owned())
        .take(MAX_TICKETS_PER_FORM)
        .collect();
    if references.is_empty() {
        return action
            .render_page(
                StatusCode::UNPROCESSABLE_ENTITY,
                IncidentUpdateForm::new(),
                Some(UiMessage::new("bulk-nothing")),
            )
            .await;
    }
    let (id, context) = (action.incident.id, action.ticket_context());
    let mut tx = action.app.db.begin().await?;
    let ticket_ids: Vec<_> = tickets::find_expected_versions(&mut tx, &references)
        .await?
        .into_iter()
        .map(|(_, expected_version)| expected_version.id)
        .collect();
    match action.form.raw("command") {
        "join" => {
            // the page shows which tickets have joined
            let outcomes = join(&mut tx, &ticket_ids, id, JoinSource::Staff, context).await?;
            let in_other_incident =
                outcomes.iter().filter(|outcome| matches!(outcome, JoinOutcome::InOtherIncident(_))).count();
            tx.commit().await?;
            if in_other_incident > 0 {
                let conflict = UiMessage::new("incident-tickets-in-other").with("count", in_other_incident);
                return action.render_page(StatusCode::CONFLICT, IncidentUpdateForm::new(), Some(conflict)).await;
            }
            return Ok(action.redirect_to_incident());
        }
        "decline" => store::decline_tickets(&mut tx, id, &ticket_ids, action.now).await?,
        "leave" => {
            leave(&mut tx, &ticket_ids, id, context).await?;
            store::decline_tickets(&mut tx, id, &ticket_ids, action.now).await?;
        }
        _ => return Err(AppError::BadRequest),
    }
    tx.commit().await?;
    Ok(action.redirect_to_incident())
}
