//! The customer's page of a ticket: its status, the next step and its deadline, the report, and forms to add to it.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{access::TicketAccess, qr_code::QrCodeImage};
use crate::{
    checks::{self, StoredCheckResult},
    emails,
    i18n::{Label, UiMessage},
    local_time,
    public_incidents::PublicIncident,
    report::form_view::party_description,
    tickets::{
        self, AccessKey, CallDetail, CallExample, CallParty, CallTimePrecision, EventKind, GivenAnswer,
        ReportedFailure, Ticket, TicketEvent, TicketReference, TicketStatus, WaitingFor, call_example,
        command::access_link,
    },
    urls,
    web::{AppError, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "customer/ticket.html")]
pub(crate) struct CustomerTicketPage {
    pub page: PublicLayout,
    pub ticket: Ticket,
    pub events: Vec<TicketEvent>,
    /// The main ticket of a duplicate.
    pub main_ticket: Option<MainTicket>,
    guide_answers: Vec<GivenAnswer>,
    check_results: Vec<StoredCheckResult>,
    examples: Vec<CallExample>,
    /// The delivery status of our last email.
    email_status: Option<UiMessage>,
    key: AccessKey,
    now: OffsetDateTime,
    /// The confirmation of the last action: a message id.
    flash: Option<&'static str>,
    message_form: MessageForm,
}

/// The message form. A rejected text stays in it, with the reason.
#[derive(Default)]
pub(crate) struct MessageForm {
    pub text: String,
    pub error: Option<UiMessage>,
    /// The form's id: a text that is sent twice is stored once.
    pub submission: Uuid,
}

/// What the customer of a duplicate may see of the main ticket, which another customer may have reported. The timeline
/// shows only its shared events.
pub(crate) struct MainTicket {
    pub status: TicketStatus,
    pub updated_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
    pub snoozed_until: Option<OffsetDateTime>,
    pub events: Vec<TicketEvent>,
}

impl MainTicket {
    /// The events since the duplicate was merged. What was written before is for the main ticket's own customer.
    pub(crate) fn events_since_merge(&self, duplicate: &TicketReference) -> &[TicketEvent] {
        let is_merge = |event: &TicketEvent| matches!(&event.kind.0, EventKind::DuplicatesAdded { duplicates } if duplicates.contains(duplicate));
        self.events.iter().rposition(is_merge).map_or(&[], |at| &self.events[at..])
    }
}

impl MessageForm {
    pub(crate) fn new() -> MessageForm {
        MessageForm { submission: Uuid::new_v4(), ..MessageForm::default() }
    }
}

pub(crate) async fn show(access: TicketAccess) -> Result<Response, AppError> {
    let flash = flash_message_id(access.query.raw("flash"));
    render_page(access, StatusCode::OK, flash, MessageForm::new()).await
}

pub(crate) async fn render_page(
    access: TicketAccess,
    status: StatusCode,
    flash: Option<&'static str>,
    message_form: MessageForm,
) -> Result<Response, AppError> {
    let mut db = access.app.db.acquire().await?;
    let TicketAccess { page, ticket, key, now, guides, .. } = access;
    let emails = emails::list_for_ticket(&mut db, ticket.id).await?;
    let email_status = ticket.email.as_ref().and_then(|to| {
        let email_status = emails::status_for_customer(&emails, to, now);
        // a report that was taken for spam is shown as any other: its sender must not notice
        email_status.or_else(|| (ticket.status == TicketStatus::Spam).then(|| emails::pending_message(to)))
    });
    let page = CustomerTicketPage {
        events: tickets::list_events(&mut db, ticket.id).await?,
        main_ticket: load_main_ticket(&mut db, &ticket).await?,
        guide_answers: guides.answers_in_language(page.lang, &ticket),
        check_results: checks::list_for_ticket(&mut db, ticket.id).await?,
        examples: call_example::list_for_ticket(&mut db, ticket.id).await?,
        email_status,
        page,
        ticket,
        key,
        now,
        flash,
        message_form,
    };
    Ok((status, render_html(&page)?).into_response())
}

async fn load_main_ticket(db: &mut PgConnection, ticket: &Ticket) -> Result<Option<MainTicket>, AppError> {
    let Some(reference) = &ticket.main_reference else { return Ok(None) };
    let Some(main) = tickets::find_by_reference(db, reference).await? else { return Ok(None) };
    let events = tickets::list_events(db, main.id).await?;
    let Ticket { status, updated_at, awaiting_staff_since, snoozed_until, .. } = main;
    Ok(Some(MainTicket { status, updated_at, awaiting_staff_since, snoozed_until, events }))
}

/// The confirmation that the query parameter `flash` names.
fn flash_message_id(name: &str) -> Option<&'static str> {
    match name {
        "message" => Some("customer-flash-message"),
        "works" => Some("customer-flash-confirmed-fixed"),
        "fails" => Some("customer-flash-still-broken"),
        "example" => Some("customer-flash-example"),
        "answer" => Some("customer-flash-answer"),
        "link" => Some("customer-flash-access-key-rotated"),
        "incident" => Some("customer-flash-incident"),
        _ => None,
    }
}

impl CustomerTicketPage {
    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.page.format(&local_time::format_relative_day(*at, self.now))
    }

    fn format_call_time(&self, at: &OffsetDateTime) -> String {
        self.page.format(&local_time::format_call_time(*at))
    }

    /// Shows seconds only for an exact time: not for "just now" or "about two o'clock".
    fn format_call_time_with_precision(&self, at: &OffsetDateTime, precision: &CallTimePrecision) -> String {
        match precision {
            CallTimePrecision::Exact => self.format_call_time(at),
            CallTimePrecision::FiveMinutes | CallTimePrecision::HalfHour => {
                self.format_call_time(&at.replace_second(0).unwrap_or(*at))
            }
        }
    }

    fn precision_label(&self, precision: &CallTimePrecision) -> String {
        self.page.t(format!("customer-{}", precision.label())).into_owned()
    }

    fn describe_party(&self, party: &CallParty) -> String {
        self.page.format(&party_description(&party.party))
    }

    /// The text that was typed, if it differs from the formatted number.
    fn typed_if_different(&self, party: &CallParty) -> Option<String> {
        Some(party.raw_text.clone()).filter(|typed| *typed != party.party.display())
    }

    fn action_url(&self, below: &str) -> String {
        urls::public::ticket(self.page.lang, &self.ticket.reference, below, Some(&self.key))
    }

    fn detail_url(&self, detail: &CallDetail) -> String {
        self.action_url(&format!("/answer/{}", detail.into_str()))
    }

    /// The page in the other language. After a rejected form too: the layout's own link would lead to the form's target.
    fn other_language_url(&self) -> String {
        urls::public::ticket(self.page.lang.other(), &self.ticket.reference, "", Some(&self.key))
    }

    /// The id of one of the page's forms. A button that is pressed twice sends the same id.
    fn submission_for(&self, form: &str) -> Uuid {
        crate::token::uuid_from_hash(format!("{} {form}", self.message_form.submission))
    }

    /// A duplicate has the status of its main ticket.
    fn effective_status(&self) -> TicketStatus {
        self.main_ticket.as_ref().map_or(self.ticket.status, |main| main.status)
    }

    fn status_label(&self) -> String {
        self.page.t(format!("customer-{}", self.effective_status().label())).into_owned()
    }

    fn last_changed_at(&self) -> OffsetDateTime {
        let main = self.main_ticket.as_ref().map(|main| main.updated_at);
        main.map_or(self.ticket.updated_at, |main| main.max(self.ticket.updated_at))
    }

    /// What happens next, and by when.
    fn next_step_text(&self) -> String {
        // a message from the customer does not answer the request
        if !self.is_resolved() && !self.ticket.open_detail_requests().is_empty() {
            return self.page.t("customer-next-detail-requested").into_owned();
        }
        match self.effective_status() {
            TicketStatus::New | TicketStatus::Spam => {
                self.response_due_text("customer-next-new-by", "customer-next-new")
            }
            TicketStatus::Open | TicketStatus::Duplicate if self.has_staff_reply() => {
                self.page.t("customer-next-open").into_owned()
            }
            TicketStatus::Open | TicketStatus::Duplicate => {
                self.response_due_text("customer-next-open-by", "customer-next-open")
            }
            TicketStatus::Waiting => self.waiting_text(),
            TicketStatus::Resolved if self.ticket.is_closed(self.now) => {
                self.page.t("customer-next-closed").into_owned()
            }
            TicketStatus::Resolved => self.page.t("customer-next-resolved").into_owned(),
        }
    }

    /// The promised time of the reply; without opening hours, the number of hours; after the promised time, an apology.
    fn response_due_text(&self, by: &'static str, within: &'static str) -> String {
        let since =
            self.main_ticket.as_ref().map_or(self.ticket.awaiting_staff_since, |main| main.awaiting_staff_since);
        match self.page.operator().response_due(since) {
            Some(at) if at < self.now => {
                self.page.format(&UiMessage::new("customer-next-late").with("moment", local_time::format_long(at)))
            }
            Some(at) => self.page.format(&UiMessage::new(by).with("by", local_time::format_deadline(at, self.now))),
            None => self.page.lang.t_with(within, "hours", self.page.operator().reply_hours),
        }
    }

    fn waiting_text(&self) -> String {
        let id = match self.waiting_for() {
            None => "customer-next-waiting",
            Some(WaitingFor::Customer) => "customer-next-waiting-customer",
            Some(WaitingFor::Carrier) => "customer-next-waiting-carrier",
        };
        let until = self.main_ticket.as_ref().map_or(self.ticket.snoozed_until, |main| main.snoozed_until);
        match until.filter(|until| *until > self.now) {
            Some(until) => self.page.format(
                &UiMessage::new("customer-next-until")
                    .with("text", UiMessage::new(id))
                    .with("by", local_time::format_deadline(until, self.now)),
            ),
            None => self.page.t(id).into_owned(),
        }
    }

    /// Whether staff have replied since the ticket last returned to them.
    fn has_staff_reply(&self) -> bool {
        let (since, events) = match &self.main_ticket {
            Some(main) => (main.awaiting_staff_since, main.events_since_merge(&self.ticket.reference)),
            None => (self.ticket.awaiting_staff_since, self.events.as_slice()),
        };
        events.iter().any(|event| event.at >= since && !event.undone && event.reply().is_some())
    }

    /// The unresolved incident that the ticket is in.
    fn current_incident(&self) -> Option<PublicIncident> {
        let events = self.main_ticket.as_ref().map_or(&self.events, |main| &main.events);
        let last = events.iter().rev().filter(|event| !event.undone).find_map(|event| match &event.kind.0 {
            EventKind::JoinedIncident { incident_id, .. } => Some(Some(*incident_id)),
            EventKind::LeftIncident { .. } | EventKind::ResolvedInIncident { .. } => Some(None),
            _ => None,
        })?;
        self.page.app.public_incidents.find(last?).filter(|incident| !incident.is_resolved())
    }

    /// Incidents that the ticket may be part of. None for a duplicate, which goes with its main ticket.
    fn possible_incidents(&self) -> Vec<PublicIncident> {
        match self.main_ticket.is_none() && self.ticket.status.is_active() && self.current_incident().is_none() {
            true => self.page.app.public_incidents.affecting(self.ticket.category.into_str()),
            false => Vec::new(),
        }
    }

    fn waiting_for(&self) -> Option<WaitingFor> {
        let events = self.main_ticket.as_ref().map_or(&self.events, |main| &main.events);
        let last = events.iter().rev().filter(|event| !event.undone).find_map(|event| match &event.kind.0 {
            EventKind::Snoozed { waiting_for, .. } => Some(*waiting_for),
            EventKind::DetailRequested { .. } => Some(Some(WaitingFor::Customer)),
            _ => None,
        })?;
        // the customer of the main ticket is not this one
        last.filter(|waiting_for| self.main_ticket.is_none() || *waiting_for != WaitingFor::Customer)
    }

    fn is_resolved(&self) -> bool {
        self.effective_status() == TicketStatus::Resolved
    }

    /// Resolved for so long that the customer must send a new report.
    fn is_closed(&self) -> bool {
        self.ticket.is_closed(self.now)
    }

    /// Nothing has been done yet: the page shows how to come back to it.
    fn is_new(&self) -> bool {
        matches!(self.effective_status(), TicketStatus::New | TicketStatus::Spam)
    }

    fn is_call_report(&self) -> bool {
        matches!(self.ticket.failure, ReportedFailure::Call { .. } | ReportedFailure::Partial(_))
    }

    /// The last day on which the link works.
    fn link_expires_on(&self) -> Option<String> {
        Some(local_time::format_date(self.ticket.resolved_at? + access_link::ACCESS_LINK_TTL_AFTER_RESOLUTION))
    }

    /// The details without which the call will be hard to find. The error is not one of them, because the form does not
    /// require it; staff ask for it if they need it.
    fn missing_details_text(&self) -> Option<String> {
        let mut missing = self.ticket.missing_details();
        missing.retain(|detail| *detail != CallDetail::ErrorText);
        let names: Vec<_> = missing.iter().map(|detail| self.page.t(detail.label()).into_owned()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn message_error(&self) -> Option<String> {
        self.message_form.error.as_ref().map(|error| self.page.format(error))
    }

    /// The page's URL, for the camera of a phone.
    fn qr_code(&self) -> Option<QrCodeImage> {
        QrCodeImage::from_url(&format!("{}{}", self.page.app.public_url, self.action_url("")))
    }

    /// The key in groups of five, for copying by hand.
    fn grouped_key(&self) -> String {
        let chars: Vec<char> = self.key.0.chars().collect();
        chars.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}
