//! The staff page of a ticket.

use askama::Template;
use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;
use strum::VariantArray;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    composer::ComposerState,
    email_details::form::{EmailDetailsForm, is_inferred},
    load::{TicketRequest, TicketRequestContext},
    return_link::QueueOrigin,
};
use crate::desk::{
    call_summary::{CallSummary, Fact},
    related::RelatedTickets,
    replies::{self, SavedReplyOption},
};
use crate::{
    blocklist::{self, BlockEntry, effective_entry},
    checks,
    emails::{self, EmailDelivery},
    guides::GuidesState,
    i18n::{Label, Lang, UiMessage},
    inbound_mail::{self, Attachment},
    incidents::{self, TicketIncident},
    local_time,
    phone::{Party, PartyKind},
    public_incidents::PublicIncident,
    report::form_view::party_description,
    staff::{StaffLayout, StaffMember, list_active},
    tickets::{
        self, AudioSymptom, CallDetail, CallParty, GivenAnswer, InferredField, ReportedFailure, Ticket, TicketCategory,
        TicketEvent, TicketStatus, call_example,
    },
    urls,
    web::{AppError, Form, QueryForm, render_html},
};

/// Older events are collapsed.
const MAX_RECENT_EVENTS: usize = 30;
/// Older messages are collapsed. The report itself is always shown.
const MAX_LATEST_MESSAGES: usize = 15;

pub(crate) fn routes() -> Router<GuidesState> {
    Router::new().route("/staff/tickets/{reference}", get(show))
}

#[derive(Template)]
#[template(path = "desk/ticket.html")]
pub(crate) struct StaffTicketPage {
    frame: StaffLayout,
    ticket: Ticket,
    call_summary: CallSummary,
    events: Vec<TicketEvent>,
    related: RelatedTickets,
    /// The customer's answers in the guide.
    guide_answers: Vec<GivenAnswer>,
    /// Current entries of the blocklist that contain an IP address of the call summary.
    blocklist_entries: Vec<BlockEntry>,
    check_results: Vec<checks::StoredCheckResult>,
    emails: Vec<EmailDelivery>,
    incidents: Vec<TicketIncident>,
    inbound_mails: Vec<inbound_mail::InboundMail>,
    /// Details from an email that are not confirmed yet.
    pub email_details_form: Option<EmailDetailsForm>,
    colleagues: Vec<StaffMember>,
    saved_replies: Vec<SavedReplyOption>,
    origin: QueueOrigin,
    now: OffsetDateTime,
    composer: ComposerState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum DetailState {
    Known,
    Missing,
    Requested,
}

/// The events of one day.
struct HistoryDay<'a> {
    label: String,
    events: Vec<&'a TicketEvent>,
}

impl StaffTicketPage {
    fn format_message(&self, message: &UiMessage) -> String {
        self.frame.lang().format(message)
    }

    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.format_message(&local_time::format_short(*at, self.now))
    }

    fn format_elapsed(&self, at: &OffsetDateTime) -> String {
        self.format_message(&local_time::format_elapsed(*at, self.now))
    }

    /// The blocklist entry that applies to an IP address of the call summary.
    fn blocklist_entry(&self, fact: &Fact) -> Option<BlockEntry> {
        let ip = fact.ip?;
        let entries: Vec<_> = self.blocklist_entries.iter().filter(|entry| entry.net.contains(&ip)).cloned().collect();
        effective_entry(&entries).cloned()
    }

    fn blocklist_text(&self, entry: &BlockEntry) -> String {
        self.format_message(&UiMessage::new("block-ticket").with("reason", UiMessage::new(entry.reason.label())))
    }

    fn describe_party(&self, party: &CallParty) -> String {
        self.format_message(&party_description(&party.party))
    }

    /// The call summary as plain text, for copying.
    fn call_summary_text(&self) -> String {
        let url = format!("{}{}", self.frame.app.public_url, self.url());
        self.call_summary.to_text(&self.ticket, self.frame.lang(), &url)
    }

    fn describe_event(&self, event: &TicketEvent) -> String {
        self.format_message(&event.description())
    }

    /// The history by day, newest first: the recent events, and the collapsed older ones.
    fn history_by_day(&self) -> [Vec<HistoryDay<'_>>; 2] {
        let newest: Vec<&TicketEvent> = self.events.iter().rev().collect();
        let (recent, older) = newest.split_at(newest.len().min(MAX_RECENT_EVENTS));
        [recent, older].map(|events| {
            let mut days: Vec<(Date, HistoryDay)> = Vec::new();
            for event in events {
                let date = local_time::to_local(event.at).date();
                match days.last_mut() {
                    Some((last, day)) if *last == date => day.events.push(event),
                    _ => days.push((
                        date,
                        HistoryDay {
                            label: self.format_message(&local_time::format_day(event.at, self.now)),
                            events: vec![event],
                        },
                    )),
                }
            }
            days.into_iter().map(|(_, day)| day).collect()
        })
    }

    fn older_event_count(&self) -> usize {
        self.events.len().saturating_sub(MAX_RECENT_EVENTS)
    }

    /// The messages between staff and customer, and the notes: the collapsed earlier ones, and the latest.
    fn conversation(&self) -> (Vec<&TicketEvent>, Vec<&TicketEvent>) {
        let is_message = |event: &&TicketEvent| {
            event.note().is_some()
                || event.reply().is_some()
                || event.customer_message().is_some()
                || event.resubmitted_fields().is_some()
        };
        let mut earlier: Vec<_> = self.events.iter().filter(is_message).collect();
        let latest = earlier.split_off(earlier.len().saturating_sub(MAX_LATEST_MESSAGES));
        (earlier, latest)
    }

    /// A long text scrolls in a box of its own.
    fn is_long_text(&self, text: &str) -> bool {
        text.len() > 1500 || text.lines().count() > 25
    }

    fn is_note(&self) -> bool {
        self.composer.kind == "note"
    }

    fn composer_error(&self) -> Option<String> {
        self.composer.error.as_ref().map(|error| self.format_message(error))
    }

    fn is_duplicate(&self) -> bool {
        self.ticket.status == TicketStatus::Duplicate
    }

    fn is_mine(&self) -> bool {
        self.ticket.assignee == Some(self.frame.staff.id)
    }

    /// Whether the event is by the current staff member. The script then discards the draft, which was sent.
    fn is_own_event(&self, event: &TicketEvent) -> bool {
        event.staff_id == Some(self.frame.staff.id)
    }

    fn url(&self) -> String {
        urls::staff::ticket(&self.ticket.reference)
    }

    /// The target of a form of the page, with the way back to the queue.
    fn action_url(&self, resource: &str) -> String {
        self.origin.append_to_url(&urls::staff::ticket_resource(&self.ticket.reference, resource))
    }

    fn detail_url(&self, detail: &CallDetail) -> String {
        self.action_url(&format!("details/{}", detail.into_str()))
    }

    /// Saved replies by language, the customer's language first.
    fn saved_reply_groups(&self) -> Vec<(Lang, Vec<&SavedReplyOption>)> {
        let first = self.ticket.lang;
        let group = |lang| (lang, self.saved_replies.iter().filter(|reply| reply.lang == lang).collect::<Vec<_>>());
        [first, first.other()].map(group).into_iter().filter(|(_, replies)| !replies.is_empty()).collect()
    }

    fn is_inferred(&self, field: &str) -> bool {
        is_inferred(&self.ticket, field)
    }

    fn describe_attachment(&self, file: &Attachment) -> String {
        inbound_mail::pages::describe_attachment(file, self.frame.lang())
    }

    fn is_category_inferred(&self) -> bool {
        self.ticket.inferred_fields.contains(&InferredField::Category)
    }

    /// The title of the browser tab: which call it is about.
    fn title(&self) -> String {
        let endpoints: Vec<_> = self.call_summary.endpoints.iter().map(|endpoint| endpoint.display.as_str()).collect();
        let code = self.ticket.sip_code.map(|code| format!(", {code}")).unwrap_or_default();
        format!("{}: {}{code}", self.ticket.reference, endpoints.join(" → "))
    }

    /// Incidents that were proposed for an active ticket.
    fn proposed_incidents(&self) -> Vec<&TicketIncident> {
        self.incidents.iter().filter(|incident| !incident.is_joined && self.ticket.status.is_active()).collect()
    }

    /// Whether the ticket is in an incident that is not closed.
    fn has_incident(&self) -> bool {
        self.incidents.iter().any(|incident| incident.is_joined && !incident.is_closed())
    }

    /// Public incidents that were not proposed for the ticket.
    fn joinable_incidents(&self) -> Vec<PublicIncident> {
        let mut joinable = self.frame.app.public_incidents.current();
        joinable.retain(|candidate| !self.incidents.iter().any(|incident| incident.id == candidate.id));
        joinable
    }

    fn can_request_details(&self) -> bool {
        match self.ticket.status {
            TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting | TicketStatus::Duplicate => true,
            TicketStatus::Resolved | TicketStatus::Spam => false,
        }
    }

    /// The details of the call. The ones that are missing to find the call come first.
    fn call_details(&self) -> Vec<(CallDetail, DetailState)> {
        let missing = self.ticket.missing_details();
        let others = self.ticket.requestable_details().iter().filter(|detail| !missing.contains(detail));
        let state = |detail: &CallDetail| match () {
            () if self.ticket.requested_details.contains(detail) => DetailState::Requested,
            () if missing.contains(detail) => DetailState::Missing,
            () => DetailState::Known,
        };
        missing.iter().chain(others).map(|detail| (*detail, state(detail))).collect()
    }

    fn contact_phone(&self) -> Option<String> {
        let phone = self.ticket.phone.as_deref()?;
        Some(Party::from_stored(PartyKind::Number, phone, None).display())
    }
}

/// `?saved=ID` fills the composer with a saved reply.
async fn show(QueryForm(query): QueryForm, request: TicketRequest) -> Result<Response, AppError> {
    let TicketRequest { context, mut db, ticket } = request;
    let text = load_saved_reply(&context, &mut db, &ticket, &query).await?;
    let composer = ComposerState { text, ..ComposerState::empty() };
    Ok(render_html(&load_page(context, &mut db, ticket, composer).await?)?.into_response())
}

/// The saved reply with the id in `saved`, its placeholders filled in; empty if there is none.
pub(crate) async fn load_saved_reply(
    context: &TicketRequestContext,
    db: &mut PgConnection,
    ticket: &Ticket,
    form: &Form,
) -> Result<String, AppError> {
    let Ok(id) = Uuid::parse_str(form.raw("saved")) else { return Ok(String::new()) };
    let reply = replies::find(db, id).await?;
    Ok(reply.map(|reply| reply.fill_from_ticket(&context.app, ticket, &context.staff)).unwrap_or_default())
}

pub(crate) async fn load_page(
    context: TicketRequestContext,
    db: &mut PgConnection,
    ticket: Ticket,
    composer: ComposerState,
) -> Result<StaffTicketPage, AppError> {
    let lang = context.staff.lang;
    let examples = call_example::list_for_ticket(db, ticket.id).await?;
    let call_summary = CallSummary::new(&ticket, &examples, lang);
    let ips: Vec<_> = call_summary.facts.iter().filter_map(|fact| fact.ip).collect();
    Ok(StaffTicketPage {
        frame: context.layout(),
        blocklist_entries: blocklist::store::list_covering_any(db, &ips, context.now).await?,
        call_summary,
        events: tickets::list_events(db, ticket.id).await?,
        related: RelatedTickets::load(db, &ticket, lang).await?,
        guide_answers: context.guides.answers_in_language(lang, &ticket),
        check_results: checks::list_for_ticket(db, ticket.id).await?,
        emails: emails::list_for_ticket(db, ticket.id).await?,
        incidents: incidents::list_for_ticket(db, ticket.id).await?,
        inbound_mails: inbound_mail::list_for_ticket(db, ticket.id).await?,
        email_details_form: EmailDetailsForm::from_ticket(&ticket),
        colleagues: list_active(db).await?,
        saved_replies: replies::list_options(db).await?,
        origin: context.origin,
        ticket,
        now: context.now,
        composer,
    })
}
