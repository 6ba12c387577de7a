//! The page itself: where the ticket stands, what happens next and by when, what was reported, and what the customer can
//! add.

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
    i18n::UiMessage,
    local_time,
    public_incidents::PublicIncident,
    report::form_view::party_description,
    tickets::{
        self, AccessKey, CallDetail, CallExample, CallParty, CallTimePrecision, EventKind, GivenAnswer,
        ReportedFailure, Ticket, TicketEvent, TicketStatus, WaitingFor, call_example, command::access_link,
    },
    web::{AppError, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "customer/ticket.html")]
pub(crate) struct CustomerTicketPage {
    pub page: PublicLayout,
    pub ticket: Ticket,
    pub events: Vec<TicketEvent>,
    /// The ticket that it is treated together with.
    pub main_ticket: Option<MainTicket>,
    /// The walk through the guide.
    guide_answers: Vec<GivenAnswer>,
    check_results: Vec<StoredCheckResult>,
    examples: Vec<CallExample>,
    /// Where our last letter is.
    email_status: Option<UiMessage>,
    key: AccessKey,
    now: OffsetDateTime,
    /// What was just done: a message of `words`.
    flash: Option<&'static str>,
    message_form: MessageForm,
}

/// What was written and not taken, with the reason.
#[derive(Default)]
pub(crate) struct MessageForm {
    pub text: String,
    pub error: Option<UiMessage>,
    /// The form's id: sent twice, a text counts once.
    pub submission: Uuid,
}

/// What a duplicate's customer may know of the main ticket, which somebody else reported: how it stands, and what staff
/// wrote for customers.
pub(crate) struct MainTicket {
    pub status: TicketStatus,
    pub updated_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
    pub snoozed_until: Option<OffsetDateTime>,
    pub events: Vec<TicketEvent>,
}

pub(crate) async fn show(guest: TicketAccess) -> Result<Response, AppError> {
    let said = flash_message_id(guest.query.raw("said"));
    let written = MessageForm { submission: Uuid::new_v4(), ..MessageForm::default() };
    render_page(guest, StatusCode::OK, said, written).await
}

/// The page after something was done, or was not.
pub(crate) async fn render_page(
    guest: TicketAccess,
    status: StatusCode,
    said: Option<&'static str>,
    written: MessageForm,
) -> Result<Response, AppError> {
    let mut db = guest.app.db.acquire().await?;
    let TicketAccess { page, ticket, key, now, guides, .. } = guest;
    let events = tickets::list_events(&mut db, ticket.id).await?;
    let main = load_main_ticket(&mut db, &ticket).await?;
    let found = checks::list_for_ticket(&mut db, ticket.id).await?;
    let examples = call_example::list_for_ticket(&mut db, ticket.id).await?;
    let letters = emails::list_for_ticket(&mut db, ticket.id).await?;
    let letter = ticket.email.as_ref().and_then(|to| {
        // who was taken for a robot sees what a person sees
        let told = emails::status_for_customer(&letters, to, now);
        told.or_else(|| (ticket.status == TicketStatus::Spam).then(|| emails::pending_message(to)))
    });
    let given = guides.answers_in_language(page.lang, &ticket);
    let page = CustomerTicketPage {
        page,
        ticket,
        events,
        main_ticket: main,
        guide_answers: given,
        check_results: found,
        examples,
        email_status: letter,
        key,
        now,
        flash: said,
        message_form: written,
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

/// What an address says was just done.
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

    /// With how far off it may be; seconds only where somebody gave them: not of "just now", nor of "about two".
    fn format_call_time_with_precision(&self, at: &OffsetDateTime, precision: &CallTimePrecision) -> String {
        match precision {
            CallTimePrecision::Exact => self.format_call_time(at),
            CallTimePrecision::FiveMinutes | CallTimePrecision::HalfHour => {
                self.format_call_time(&at.replace_second(0).unwrap_or(*at))
            }
        }
    }

    fn precision_label(&self, precision: &CallTimePrecision) -> String {
        self.page.t(&format!("customer-{}", precision.label())).into_owned()
    }

    fn describe_party(&self, side: &CallParty) -> String {
        self.page.format(&party_description(&side.party))
    }

    /// What was typed, where it differs from how it is shown.
    fn typed_if_different(&self, side: &CallParty) -> Option<String> {
        Some(side.raw_text.clone()).filter(|typed| *typed != side.party.display())
    }

    fn action_url(&self, below: &str) -> String {
        super::access::ticket_url(&self.page, &self.ticket, below, &self.key)
    }

    fn detail_url(&self, piece: &CallDetail) -> String {
        self.action_url(&format!("/answer/{}", piece.as_str()))
    }

    /// The page in the other language, whatever was sent to come here.
    fn other_language_url(&self) -> String {
        format!("/{}/ticket/{}?key={}", self.page.lang.other(), self.ticket.reference, self.key.0)
    }

    /// Each form has an id of its own, made from the page's.
    fn submission_for(&self, form: &str) -> Uuid {
        crate::token::uuid_from_hash(format!("{} {form}", self.message_form.submission))
    }

    /// A duplicate stands where its main ticket does.
    fn effective_status(&self) -> TicketStatus {
        self.main_ticket.as_ref().map_or(self.ticket.status, |main| main.status)
    }

    fn status_label(&self) -> String {
        self.page.t(&format!("customer-{}", self.effective_status().label())).into_owned()
    }

    fn last_changed_at(&self) -> OffsetDateTime {
        let main = self.main_ticket.as_ref().map(|main| main.updated_at);
        main.map_or(self.ticket.updated_at, |main| main.max(self.ticket.updated_at))
    }

    /// What happens next, and by when.
    fn next_step_text(&self) -> String {
        // whoever wrote meanwhile still has it before them
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

    /// The promise with its time, or without opening hours by the hour; and when it is broken, that it is.
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

    /// Whether staff have written since it last came to them.
    fn has_staff_reply(&self) -> bool {
        let (since, events) = match &self.main_ticket {
            Some(main) => (main.awaiting_staff_since, &main.events),
            None => (self.ticket.awaiting_staff_since, &self.events),
        };
        events.iter().any(|event| event.at >= since && !event.undone && event.reply().is_some())
    }

    /// The known trouble that it is part of, as long as that lasts.
    fn current_incident(&self) -> Option<PublicIncident> {
        let events = self.main_ticket.as_ref().map_or(&self.events, |main| &main.events);
        let last = events.iter().rev().filter(|event| !event.undone).find_map(|event| match &event.kind.0 {
            EventKind::JoinedIncident { incident_id, .. } => Some(Some(*incident_id)),
            EventKind::LeftIncident { .. } | EventKind::ResolvedInIncident { .. } => Some(None),
            _ => None,
        })?;
        self.page.app.public_incidents.find(last?).filter(|notice| !notice.is_resolved())
    }

    /// Known trouble that it may be part of, while it is part of none: a duplicate goes with its main ticket.
    fn possible_incidents(&self) -> Vec<PublicIncident> {
        match self.main_ticket.is_none() && self.ticket.status.is_active() && self.current_incident().is_none() {
            true => self.page.app.public_incidents.affecting(self.ticket.category.as_str()),
            false => Vec::new(),
        }
    }

    fn waiting_for(&self) -> Option<WaitingFor> {
        let events = self.main_ticket.as_ref().map_or(&self.events, |main| &main.events);
        let last = events.iter().rev().filter(|event| !event.undone).find_map(|event| match &event.kind.0 {
            EventKind::Snoozed { waiting_for: whom, .. } => Some(*whom),
            EventKind::DetailRequested { .. } => Some(Some(WaitingFor::Customer)),
            _ => None,
        })?;
        // who is asked for on somebody else's ticket is somebody else
        last.filter(|whom| self.main_ticket.is_none() || *whom != WaitingFor::Customer)
    }

    /// A page that says "resolved" asks for nothing; one that waits shows that something follows.
    fn is_resolved(&self) -> bool {
        self.effective_status() == TicketStatus::Resolved
    }

    /// Over for so long that who still has the trouble reports it anew.
    fn is_closed(&self) -> bool {
        self.ticket.is_closed(self.now)
    }

    /// Nothing has been done: whoever has just sent it may not have kept the way back.
    fn is_new(&self) -> bool {
        matches!(self.effective_status(), TicketStatus::New | TicketStatus::Spam)
    }

    fn is_call_report(&self) -> bool {
        matches!(self.ticket.failure, ReportedFailure::Call { .. } | ReportedFailure::Partial(_))
    }

    /// Until when the link opens this page.
    fn link_expires_on(&self) -> Option<String> {
        Some(local_time::format_date(self.ticket.resolved_at? + access_link::ACCESS_LINK_TTL_AFTER_RESOLUTION))
    }

    /// What is missing to find the call, in words.
    fn missing_details_text(&self) -> Option<String> {
        let missing = self.ticket.missing_details();
        let names: Vec<_> = missing.iter().map(|piece| self.page.t(piece.label()).into_owned()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn message_error(&self) -> Option<String> {
        self.message_form.error.as_ref().map(|wrong| self.page.format(wrong))
    }

    /// The page's address, for the camera of a telephone.
    fn qr_code(&self) -> Option<QrCodeImage> {
        QrCodeImage::from_url(&format!("{}{}", self.page.app.public_url, self.action_url("")))
    }

    /// The key in groups, to be copied by hand.
    fn grouped_key(&self) -> String {
        let letters: Vec<char> = self.key.0.chars().collect();
        letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}
