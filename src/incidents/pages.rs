//! Incidents as staff see them: the list, and one.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State as AppState},
    http::Uri,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Incident, IncidentState, IncidentTicket, IncidentUpdate, cache_refresh, edit, form::IncidentFormErrors, store,
};
use crate::{
    app::{App, Now},
    i18n::{Lang, UiMessage},
    local_time,
    phone::{self, Party, PartyKind},
    public_incidents::LocalizedText,
    staff::{Staff, StaffLayout},
    web::{AppError, Form, render_html},
};

/// Incidents on a page,
const INCIDENTS_PER_PAGE: usize = 30;
/// tickets on a page of one,
const TICKETS_PER_PAGE: usize = 50;
/// and tickets that are proposed at once: more than somebody looks through.
const MAX_CANDIDATES: i64 = 200;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/incidents", get(list).post(edit::create))
        .route("/staff/incidents/new", get(edit::new))
        .route("/staff/incidents/{id}", get(show).post(edit::update))
        .route("/staff/incidents/{id}/edit", get(edit::edit))
}

#[derive(Template)]
#[template(path = "incidents/list.html")]
struct StaffIncidentListPage {
    frame: StaffLayout,
    shows_past: bool,
    incidents: Vec<store::IncidentRow>,
    is_later_page: bool,
    next_page_url: Option<String>,
    now: OffsetDateTime,
}

impl StaffIncidentListPage {
    fn format_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }
}

/// One incident, with everything that can be done to it.
#[derive(Template)]
#[template(path = "incidents/show.html")]
pub(super) struct StaffIncidentPage {
    pub frame: StaffLayout,
    pub incident: Incident,
    pub updates: Vec<IncidentUpdate>,
    pub counts: store::IncidentCounts,
    pub candidate_tickets: Vec<IncidentTicket>,
    pub joined_tickets: Vec<IncidentTicket>,
    pub next_page_url: Option<String>,
    pub is_later_page: bool,
    pub update_form: IncidentUpdateForm,
    /// What was wanted came too late.
    pub conflict: Option<UiMessage>,
    pub now: OffsetDateTime,
}

/// What stands in the form for all who joined, with what is wrong with it.
#[derive(Default)]
pub(super) struct IncidentUpdateForm {
    pub text: LocalizedText,
    pub errors: IncidentFormErrors,
    pub submission: Uuid,
}

impl IncidentUpdateForm {
    pub fn new() -> IncidentUpdateForm {
        IncidentUpdateForm { submission: Uuid::new_v4(), ..IncidentUpdateForm::default() }
    }
}

impl StaffIncidentPage {
    fn format_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn path(&self) -> String {
        format!("/staff/incidents/{}", self.incident.id)
    }

    fn error_message(&self, field: &str) -> Option<String> {
        error_message(&self.frame, &self.update_form.errors, field)
    }

    /// What a ticket's call went to.
    fn format_callee(&self, kin: &IncidentTicket) -> String {
        let Some(callee) = kin.callee.as_deref() else { return String::new() };
        let kind = if callee.starts_with('+') { PartyKind::Number } else { PartyKind::Account };
        Party::from_stored(kind, callee, None).display()
    }

    fn is_editable(&self) -> bool {
        self.incident.state.is_editable()
    }

    fn resolved_count(&self) -> i64 {
        self.counts.tickets - self.counts.unresolved_tickets
    }

    fn title(&self) -> &str {
        self.incident.title(&self.frame.lang())
    }

    fn period_text(&self) -> String {
        let from = local_time::format_date_time(self.incident.began_at);
        let say = match self.incident.expected_end_at {
            Some(until) => UiMessage::new("incident-period-until")
                .with("from", from)
                .with("until", local_time::format_date_time(until)),
            None => UiMessage::new("incident-period").with("from", from),
        };
        self.frame.lang().format(&say)
    }

    /// What it concerns, as facts.
    fn scope_facts(&self) -> Vec<(&'static str, String)> {
        let incident = &self.incident;
        let categories: Vec<_> = incident.categories.iter().map(|one| self.frame.t(one.label()).into_owned()).collect();
        let codes: Vec<_> = incident.sip_codes.iter().map(ToString::to_string).collect();
        let prefixes: Vec<_> =
            incident.number_prefixes.iter().map(|one| format!("{}…", phone::format_prefix(one))).collect();
        let all = [
            ("incident-categories", categories),
            ("incident-codes", codes),
            ("incident-prefixes", prefixes),
            ("incident-addresses", incident.networks.clone()),
        ];
        let said = all.into_iter().filter(|(_, values)| !values.is_empty());
        said.map(|(label, values)| (label, values.join(", "))).collect()
    }
}

pub(super) fn error_message(frame: &StaffLayout, wrong: &IncidentFormErrors, field: &str) -> Option<String> {
    wrong.iter().find(|(name, _)| *name == field).map(|(_, say)| frame.lang().format(say))
}

async fn list(AppState(app): AppState<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let over = query.raw("view") == "past";
    let after = query.raw("after").parse().ok();
    let mut db = app.db.acquire().await?;
    let mut rows = store::list(&mut db, over, after, i64::try_from(INCIDENTS_PER_PAGE + 1).unwrap_or(i64::MAX)).await?;
    let more = (rows.len() > INCIDENTS_PER_PAGE).then(|| {
        rows.truncate(INCIDENTS_PER_PAGE);
        let last = rows.last().map_or(0, |row| row.id);
        format!("/staff/incidents?view={}&after={last}", if over { "past" } else { "open" })
    });
    let frame = StaffLayout::new(&app, &staff, "incidents");
    Ok(render_html(&StaffIncidentListPage {
        frame,
        shows_past: over,
        incidents: rows,
        is_later_page: after.is_some(),
        next_page_url: more,
        now,
    })?
    .into_response())
}

pub(super) fn parse_id(id: &str) -> Result<i64, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

async fn show(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    uri: Uri,
) -> Result<Response, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let after = Uuid::parse_str(query.raw("after")).unwrap_or_default();
    let mut db = app.db.acquire().await?;
    Ok(render_html(&load_page(&app, &mut db, &staff, (parse_id(&id)?, after), IncidentUpdateForm::new(), now).await?)?
        .into_response())
}

pub(super) async fn load_page(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    (id, after): (i64, Uuid),
    written: IncidentUpdateForm,
    now: OffsetDateTime,
) -> Result<StaffIncidentPage, AppError> {
    let incident = store::find(db, id).await?.ok_or(AppError::NotFound)?;
    let mut joined =
        store::list_joined_tickets(db, id, after, i64::try_from(TICKETS_PER_PAGE + 1).unwrap_or(i64::MAX)).await?;
    let more = (joined.len() > TICKETS_PER_PAGE).then(|| {
        joined.truncate(TICKETS_PER_PAGE);
        format!("/staff/incidents/{id}?after={}#tickets", joined.last().map(|kin| kin.id).unwrap_or_default())
    });
    let candidates = match incident.state.accepts_tickets() {
        true => store::list_candidate_tickets(db, id, MAX_CANDIDATES).await?,
        false => Vec::new(),
    };
    Ok(StaffIncidentPage {
        frame: StaffLayout::new(app, staff, "incidents"),
        updates: store::list_updates(db, id).await?,
        counts: store::load_counts(db, id).await?,
        incident,
        candidate_tickets: candidates,
        joined_tickets: joined,
        next_page_url: more,
        is_later_page: !after.is_nil(),
        update_form: written,
        conflict: None,
        now,
    })
}

/// What everybody reads is changed at once in this program; the others hear of it.
pub(super) async fn refresh_cache_or_log(app: &App) {
    if let Err(error) = cache_refresh::refresh_cache(app).await {
        AppError::from(error).log();
    }
}
