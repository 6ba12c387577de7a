//! A report that staff enter for a customer on the phone, in a chat or from an email. The form has the rules of the public
//! one; beside it are open tickets that may be about the same problem.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::related::{self, PartialCall, RelatedTicket};
use crate::{
    app::{App, Now},
    i18n::{Label, Lang},
    local_time,
    phone::Party,
    public_incidents::PublicIncident,
    report::{ParsedReport, ReportForm, form_view::ReportFormView},
    staff::{Staff, StaffLayout},
    tickets::{
        self, AccessKey, Actor, GuideHistory, NewTicket, TicketChannel, TicketCommand, TicketReference,
        command::{
            self, CommandContext, OpenOutcome,
            incident::{JoinSource, join},
        },
    },
    urls,
    web::{AppError, Client, Form, QueryForm, form::RESTORED_BY_BACK_BUTTON, render_html},
};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/staff/report", get(new).post(create)).route("/staff/report/similar", get(show_similar))
}

/// The channels by which customers reach staff.
const REPORT_CHANNELS: [TicketChannel; 3] = [TicketChannel::Phone, TicketChannel::Chat, TicketChannel::Email];

#[derive(Template)]
#[template(path = "desk/phone_report.html")]
struct PhoneReportPage {
    frame: StaffLayout,
    form: ReportForm,
    parsed_report: Option<ParsedReport>,
    channel: TicketChannel,
    /// The language of emails to the customer.
    customer_lang: Lang,
    similar: SimilarTickets,
}

/// Open tickets that may be about the same problem. A part of the page that is also served alone.
#[derive(Template)]
#[template(path = "desk/similar.html")]
struct SimilarTickets {
    lang: Lang,
    tickets: Vec<RelatedTicket>,
    /// Public incidents that might explain the failure.
    incidents: Vec<PublicIncident>,
    /// Whether the form has anything to search by.
    has_search_terms: bool,
    now: OffsetDateTime,
}

impl PhoneReportPage {
    fn form_view(&self) -> ReportFormView<'_> {
        ReportFormView {
            lang: self.frame.lang(),
            form: &self.form,
            parsed: self.parsed_report.as_ref(),
            autofocus_field: None,
        }
    }

    fn has_errors(&self) -> bool {
        self.parsed_report.as_ref().is_some_and(|parsed| !parsed.errors.is_empty())
    }

    /// The choices of the incident field.
    fn known_incidents(&self) -> Vec<PublicIncident> {
        self.frame.app.public_incidents.current()
    }
}

impl SimilarTickets {
    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.lang.format(&local_time::format_short(*at, self.now))
    }

    fn t(&self, id: impl AsRef<str>) -> String {
        self.lang.t(id).into_owned()
    }

    /// The URL of the incident's public page, and its title.
    fn incident_link(&self, incident: &PublicIncident) -> (String, String) {
        (incident.path(&self.lang), incident.title.get(&self.lang).to_owned())
    }

    async fn load(
        app: &App,
        db: &mut PgConnection,
        form: &Form,
        lang: Lang,
        now: OffsetDateTime,
    ) -> Result<SimilarTickets, AppError> {
        let call = PartialCall {
            caller: Party::parse_caller(&form.single_line("caller")).ok(),
            callee: Party::parse_callee(&form.single_line("callee")).ok(),
            account: Party::parse_account(&form.single_line("account")).ok(),
        };
        let has_search_terms = call.caller.is_some() || call.callee.is_some() || call.account.is_some();
        let tickets = if has_search_terms { related::list_similar_to_call(db, &call, lang).await? } else { Vec::new() };
        let callee = call.callee.as_ref().map(|callee| callee.canonical().replace('+', ""));
        let mut incidents = app.public_incidents.current();
        incidents.retain(|incident| incident.might_explain(form.raw("category"), callee.as_deref()));
        Ok(SimilarTickets { lang, tickets, incidents, has_search_terms, now })
    }
}

async fn new(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let mut form = ReportForm::from_form(&query);
    form.submission = Uuid::new_v4().to_string();
    for (field, default) in [(&mut form.day, "today"), (&mut form.in_billing, "unknown")] {
        if field.is_empty() {
            default.clone_into(field);
        }
    }
    let mut db = app.db.acquire().await?;
    render_form(&app, &mut db, &staff, &query, form, None, now).await
}

/// The part of the page that is refreshed while numbers are typed.
async fn show_similar(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    Ok(render_html(&SimilarTickets::load(&app, &mut db, &query, staff.lang, now).await?)?.into_response())
}

async fn create(
    State(app): State<App>,
    staff: Staff,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let report = ReportForm { honeypot: String::new(), ..ReportForm::from_form(&form) };
    let mut tx = app.db.begin().await?;
    if form.has("find_similar") {
        let page = render_form(&app, &mut tx, &staff, &form, report, None, now).await?;
        return Ok((RESTORED_BY_BACK_BUTTON, page).into_response());
    }
    let parsed = report.validate_phone_report(now, app.operator.records_days);
    if !parsed.errors.is_empty() {
        let page = render_form(&app, &mut tx, &staff, &form, report, Some(parsed), now).await?;
        return Ok((RESTORED_BY_BACK_BUTTON, page).into_response());
    }
    // the browser is the staff member's
    let client = Client { user_agent: String::new(), ..client };
    let ticket = report
        .to_new_ticket(parsed, parse_customer_lang(&form), &client, GuideHistory::default())
        .ok_or(AppError::BadRequest)?;
    let ticket = NewTicket { channel: parse_channel(&form), ..ticket };
    let key = AccessKey::initial(app.signing_secret.get(&mut tx).await?, ticket.submission_id);
    let (OpenOutcome::Created(reference) | OpenOutcome::Existing(reference)) =
        command::open_by_staff(&mut tx, &ticket, &key, staff.id, now).await?;
    if let Some(incident) = report.incident_id() {
        join_incident(&mut tx, &reference, incident, &staff, now).await?;
    }
    if form.has("take") {
        assign_to_self(&mut tx, &reference, &staff, now).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&urls::staff::ticket(&reference)).into_response())
}

/// Assigns the ticket to the staff member, unless it is already assigned.
async fn assign_to_self(
    db: &mut PgConnection,
    reference: &TicketReference,
    staff: &Staff,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(ticket) = tickets::find_by_reference(db, reference).await? else { return Ok(()) };
    let command = TicketCommand::Assign { assignee: staff.to_member(), reason: None };
    let by = CommandContext::new(Actor::Staff(staff.id), now);
    let _ = command::apply(db, ticket.expected_version(), &command, None, by).await?;
    Ok(())
}

/// Adds the ticket to the chosen incident. If the incident is closed by now, or the ticket is in another one, the ticket's
/// page shows it.
async fn join_incident(
    db: &mut PgConnection,
    reference: &TicketReference,
    incident: i64,
    staff: &Staff,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(ticket) = tickets::find_by_reference(db, reference).await? else { return Ok(()) };
    let by = CommandContext::new(Actor::Staff(staff.id), now);
    let _ = join(db, &[ticket.id], incident, JoinSource::Staff, by).await?;
    Ok(())
}

async fn render_form(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    raw_form: &Form,
    form: ReportForm,
    parsed_report: Option<ParsedReport>,
    now: OffsetDateTime,
) -> Result<Response, AppError> {
    let status = if parsed_report.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let similar = SimilarTickets::load(app, db, raw_form, staff.lang, now).await?;
    let page = PhoneReportPage {
        frame: StaffLayout::new(app, staff, "report"),
        form,
        parsed_report,
        channel: parse_channel(raw_form),
        customer_lang: parse_customer_lang(raw_form),
        similar,
    };
    Ok((status, render_html(&page)?).into_response())
}

fn parse_channel(form: &Form) -> TicketChannel {
    let channel = form.raw("channel").parse().ok();
    channel.filter(|channel| REPORT_CHANNELS.contains(channel)).unwrap_or(TicketChannel::Phone)
}

fn parse_customer_lang(form: &Form) -> Lang {
    Lang::from_code(form.raw("lang")).unwrap_or_default()
}
