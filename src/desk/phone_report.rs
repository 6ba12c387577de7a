//! A report that staff take down for somebody on the telephone, in a chat or from an e-mail: the public form's rules on one
//! screen, with the open tickets beside it that it may belong to.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::related::{self, PartialCall, RelatedTicket};
use crate::{
    app::{App, Now},
    i18n::Lang,
    local_time,
    phone::Party,
    public_incidents::PublicIncident,
    report::{ParsedReport, ReportForm, form_view::ReportFormView},
    staff::{Staff, StaffLayout},
    tickets::{
        self, Actor, CachedSecret, GuideHistory, NewTicket, TicketChannel, TicketCommand, TicketReference,
        command::{
            incident::{JoinSource, join},
            update::{self, CommandContext, OpenOutcome},
        },
    },
    web::{AppError, Client, Form, render_html},
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/report", get(new).post(create))
        .route("/staff/report/similar", get(show_similar))
        .layer(Extension(Arc::new(CachedSecret::default())))
}

/// The ways by which a report comes to staff.
const REPORT_CHANNELS: [TicketChannel; 3] = [TicketChannel::Phone, TicketChannel::Chat, TicketChannel::Email];

#[derive(Template)]
#[template(path = "desk/phone_report.html")]
struct PhoneReportPage {
    frame: StaffLayout,
    form: ReportForm,
    parsed_report: Option<ParsedReport>,
    channel: TicketChannel,
    /// The customer's language.
    customer_lang: Lang,
    similar: SimilarTickets,
}

/// Open tickets that it may belong to: a part of the page that is also sent alone.
#[derive(Template)]
#[template(path = "desk/similar.html")]
struct SimilarTickets {
    lang: Lang,
    tickets: Vec<RelatedTicket>,
    /// Known trouble that it may be part of.
    incidents: Vec<PublicIncident>,
    /// Whether there was anything to look for.
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
        self.parsed_report.as_ref().is_some_and(|reading| !reading.errors.is_empty())
    }

    /// Known trouble, to be chosen from.
    fn known_incidents(&self) -> Vec<PublicIncident> {
        self.frame.app.public_incidents.current()
    }
}

impl SimilarTickets {
    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.lang.format(&local_time::format_short(*at, self.now))
    }

    fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }

    /// Where known trouble is told of, and its title.
    fn incident_link(&self, notice: &PublicIncident) -> (String, String) {
        (notice.path(&self.lang), notice.title.get(&self.lang).to_owned())
    }

    async fn load(
        app: &App,
        db: &mut PgConnection,
        form: &Form,
        lang: Lang,
        now: OffsetDateTime,
    ) -> Result<SimilarTickets, AppError> {
        let heard = PartialCall {
            caller: Party::parse_caller(&form.single_line("caller")).ok(),
            callee: Party::parse_callee(&form.single_line("callee")).ok(),
            account: Party::parse_account(&form.single_line("account")).ok(),
        };
        let is_asked = heard.caller.is_some() || heard.callee.is_some() || heard.account.is_some();
        let tickets = if is_asked { related::list_similar_to_call(db, &heard, lang).await? } else { Vec::new() };
        let callee = heard.callee.as_ref().map(|callee| callee.canonical().replace('+', ""));
        let mut troubles = app.public_incidents.current();
        troubles.retain(|notice| notice.might_explain(form.raw("category"), callee.as_deref()));
        Ok(SimilarTickets { lang, tickets, incidents: troubles, has_search_terms: is_asked, now })
    }
}

async fn new(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut form = ReportForm::from_form(&query);
    form.submission = Uuid::new_v4().to_string();
    for (field, usual) in [(&mut form.day, "today"), (&mut form.in_billing, "unknown")] {
        if field.is_empty() {
            usual.clone_into(field);
        }
    }
    let mut db = app.db.acquire().await?;
    render_form(&app, &mut db, &staff, &query, form, None, now).await
}

/// The part of the page that changes while numbers are typed.
async fn show_similar(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut db = app.db.acquire().await?;
    Ok(render_html(&SimilarTickets::load(&app, &mut db, &query, staff.lang, now).await?)?.into_response())
}

async fn create(
    State(app): State<App>,
    Extension(keys): Extension<Arc<CachedSecret>>,
    staff: Staff,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let typed = ReportForm { honeypot: String::new(), ..ReportForm::from_form(&form) };
    let mut tx = app.db.begin().await?;
    if form.has("look") {
        return render_form(&app, &mut tx, &staff, &form, typed, None, now).await;
    }
    let reading = typed.validate_phone_report(now, app.operator.records_days);
    if !reading.errors.is_empty() {
        return render_form(&app, &mut tx, &staff, &form, typed, Some(reading), now).await;
    }
    // the browser is not the customer's
    let client = Client { user_agent: String::new(), ..client };
    let new = typed
        .to_new_ticket(reading, parse_customer_lang(&form), &client, GuideHistory::default())
        .ok_or(AppError::BadRequest)?;
    let new = NewTicket { channel: parse_channel(&form), ..new };
    let key = keys.initial_access_key(&mut tx, new.submission_id).await?;
    let (OpenOutcome::Created(reference) | OpenOutcome::Existing(reference)) =
        update::open_by_staff(&mut tx, &new, &key, staff.id, now).await?;
    if let Some(incident) = typed.incident_id() {
        join_incident(&mut tx, &reference, incident, &staff, now).await?;
    }
    if form.has("take") {
        assign_to_self(&mut tx, &reference, &staff, now).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/staff/tickets/{reference}")).into_response())
}

/// Who has taken it down keeps it, unless somebody has it by now.
async fn assign_to_self(
    db: &mut PgConnection,
    reference: &TicketReference,
    staff: &Staff,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let Some(ticket) = tickets::find_by_reference(db, reference).await? else { return Ok(()) };
    let verb = TicketCommand::Assign { assignee: staff.to_member(), reason: None };
    let _ = update::apply(db, ticket.expected_version(), &verb, None, CommandContext::new(Actor::Staff(staff.id), now))
        .await?;
    Ok(())
}

/// Who takes it down has heard that it is known trouble. If that is over by now, or the ticket has another one, its page says so.
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
    sent: &Form,
    form: ReportForm,
    reading: Option<ParsedReport>,
    now: OffsetDateTime,
) -> Result<Response, AppError> {
    let status = if reading.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let similar = SimilarTickets::load(app, db, sent, staff.lang, now).await?;
    let frame = StaffLayout::new(app, staff, "report");
    let page = PhoneReportPage {
        frame,
        form,
        parsed_report: reading,
        channel: parse_channel(sent),
        customer_lang: parse_customer_lang(sent),
        similar,
    };
    Ok((status, render_html(&page)?).into_response())
}

fn parse_channel(form: &Form) -> TicketChannel {
    let named = form.raw("channel").parse().ok();
    named.filter(|channel| REPORT_CHANNELS.contains(channel)).unwrap_or(TicketChannel::Phone)
}

/// The language that the customer is written to in.
fn parse_customer_lang(form: &Form) -> Lang {
    Lang::from_code(form.raw("lang")).unwrap_or_default()
}
