//! Staff pages of incidents: the list, and one incident with its actions.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    form::{self, IncidentFormErrors},
    incident::{Incident, IncidentState, IncidentTicket, IncidentUpdate},
    store,
};
use crate::{
    app::{App, Now},
    i18n::{Label, Lang, UiMessage},
    local_time,
    phone::{self, Party, PartyKind},
    public_incidents::LocalizedText,
    staff::{Staff, StaffLayout},
    urls,
    web::{AppError, QueryForm, render_html},
};

const INCIDENTS_PER_PAGE: usize = 30;
const TICKETS_PER_PAGE: usize = 50;
/// Candidate tickets on a page: more than a staff member checks at once.
const MAX_CANDIDATES: i64 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/staff/incidents", get(list)).route("/staff/incidents/{id}", get(show))
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

/// One incident with its actions.
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
    /// Why the requested action was not possible.
    pub conflict: Option<UiMessage>,
    pub now: OffsetDateTime,
}

/// The form for an update to everybody who joined, with its errors.
#[derive(Default)]
pub(super) struct IncidentUpdateForm {
    pub text: LocalizedText,
    pub errors: IncidentFormErrors,
    pub submission: Uuid,
}

impl IncidentUpdateForm {
    pub(super) fn new() -> IncidentUpdateForm {
        IncidentUpdateForm { submission: Uuid::new_v4(), ..IncidentUpdateForm::default() }
    }
}

impl StaffIncidentPage {
    fn format_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn path(&self) -> String {
        urls::staff::incident(self.incident.id)
    }

    fn error_message(&self, field: &str) -> Option<String> {
        form::error_message(&self.update_form.errors, self.frame.lang(), field)
    }

    fn format_callee(&self, ticket: &IncidentTicket) -> String {
        let Some(callee) = ticket.callee.as_deref() else { return String::new() };
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
        let message = match self.incident.expected_end_at {
            Some(expected_end_at) => UiMessage::new("incident-period-until")
                .with("from", from)
                .with("until", local_time::format_date_time(expected_end_at)),
            None => UiMessage::new("incident-period").with("from", from),
        };
        self.frame.lang().format(&message)
    }

    /// Labels and values of the scope.
    fn scope_facts(&self) -> Vec<(&'static str, String)> {
        let incident = &self.incident;
        let categories: Vec<_> =
            incident.categories.iter().map(|category| self.frame.t(category.label()).into_owned()).collect();
        let codes: Vec<_> = incident.sip_codes.iter().map(ToString::to_string).collect();
        let prefixes: Vec<_> =
            incident.number_prefixes.iter().map(|prefix| format!("{}…", phone::format_prefix(prefix))).collect();
        let facts = [
            ("incident-categories", categories),
            ("incident-codes", codes),
            ("incident-prefixes", prefixes),
            ("incident-addresses", incident.networks.clone()),
        ];
        let known = facts.into_iter().filter(|(_, values)| !values.is_empty());
        known.map(|(label, values)| (label, values.join(", "))).collect()
    }
}

async fn list(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let shows_past = query.raw("view") == "past";
    let after = query.raw("after").parse().ok();
    let mut db = app.db.acquire().await?;
    let limit = i64::try_from(INCIDENTS_PER_PAGE + 1).unwrap_or(i64::MAX);
    let mut incidents = store::list(&mut db, shows_past, after, limit).await?;
    let next_page_url = (incidents.len() > INCIDENTS_PER_PAGE).then(|| {
        incidents.truncate(INCIDENTS_PER_PAGE);
        let last = incidents.last().map_or(0, |row| row.id).to_string();
        let view = if shows_past { "past" } else { "open" };
        urls::with_query(urls::staff::INCIDENTS, &[("view", view), ("after", &last)])
    });
    let frame = StaffLayout::new(&app, &staff, "incidents");
    Ok(render_html(&StaffIncidentListPage {
        frame,
        shows_past,
        incidents,
        is_later_page: after.is_some(),
        next_page_url,
        now,
    })?
    .into_response())
}

pub(super) fn parse_id(id: &str) -> Result<i64, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let after = Uuid::parse_str(query.raw("after")).unwrap_or_default();
    let mut db = app.db.acquire().await?;
    let page = load_page(&app, &mut db, &staff, (parse_id(&id)?, after), IncidentUpdateForm::new(), now).await?;
    Ok(render_html(&page)?.into_response())
}

/// Loads the page of an incident, with its joined tickets after the ticket `after`.
pub(super) async fn load_page(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    (id, after): (i64, Uuid),
    update_form: IncidentUpdateForm,
    now: OffsetDateTime,
) -> Result<StaffIncidentPage, AppError> {
    let incident = store::find(db, id).await?.ok_or(AppError::NotFound)?;
    let limit = i64::try_from(TICKETS_PER_PAGE + 1).unwrap_or(i64::MAX);
    let mut joined_tickets = store::list_joined_tickets(db, id, after, limit).await?;
    let next_page_url = (joined_tickets.len() > TICKETS_PER_PAGE).then(|| {
        joined_tickets.truncate(TICKETS_PER_PAGE);
        let last = joined_tickets.last().map(|ticket| ticket.id).unwrap_or_default().to_string();
        format!("{}#tickets", urls::with_query(&urls::staff::incident(id), &[("after", &last)]))
    });
    let candidate_tickets = match incident.state.accepts_tickets() {
        true => store::list_candidate_tickets(db, id, MAX_CANDIDATES).await?,
        false => Vec::new(),
    };
    Ok(StaffIncidentPage {
        frame: StaffLayout::new(app, staff, "incidents"),
        updates: store::list_updates(db, id).await?,
        counts: store::load_counts(db, id).await?,
        incident,
        candidate_tickets,
        joined_tickets,
        next_page_url,
        is_later_page: !after.is_nil(),
        update_form,
        conflict: None,
        now,
    })
}
