//! The ticket as staff see it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    confirm_email::{EmailDetailsForm, is_inferred},
    return_link::QueueOrigin,
};
use crate::desk::{
    call_summary::{CallSummary, Fact},
    related::RelatedTickets,
    replies::{self, SavedReplyOption},
};
use crate::{
    app::{App, Now},
    blocklist::{self, BlockEntry, effective_entry},
    checks,
    emails::{self, EmailDelivery},
    guides::Guides,
    i18n::{Lang, UiMessage},
    inbound_mail::{self, Attachment},
    incidents::{self, TicketIncident},
    local_time,
    phone::{Party, PartyKind},
    public_incidents::PublicIncident,
    report::form_view::party_description,
    staff::{Staff, StaffLayout, StaffMember, list_active},
    tickets::{
        self, AudioSymptom, CallDetail, CallParty, GivenAnswer, InferredField, ReportedFailure, Ticket, TicketCategory,
        TicketEvent, TicketReference, TicketStatus, call_example,
    },
    web::{AppError, Form, render_html},
};

/// Events that are shown at once; the older ones open below.
const MAX_RECENT_EVENTS: usize = 30;
/// Messages that are shown at once, beside the report itself.
const MAX_LATEST_MESSAGES: usize = 15;

pub fn routes() -> Router<App> {
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
    /// The customer's walk through the guide.
    guide_answers: Vec<GivenAnswer>,
    /// What the customer's addresses lie in that is blocked now.
    blocklist_entries: Vec<BlockEntry>,
    /// What the customer's checks found.
    check_results: Vec<checks::StoredCheckResult>,
    emails: Vec<EmailDelivery>,
    incidents: Vec<TicketIncident>,
    /// The e-mails that came about it.
    inbound_mails: Vec<inbound_mail::InboundMail>,
    /// What an e-mail told and nobody has confirmed.
    pub email_details_form: Option<EmailDetailsForm>,
    colleagues: Vec<StaffMember>,
    saved_replies: Vec<SavedReplyOption>,
    origin: QueueOrigin,
    now: OffsetDateTime,
    composer: ComposerState,
}

/// What stands in the composer, as a reply or as a note: kept when it was not taken, with the reason.
pub(crate) struct ComposerState {
    pub kind: &'static str,
    pub text: String,
    pub error: Option<UiMessage>,
    /// The form's id: sent twice, a text counts once.
    pub submission: Uuid,
}

impl ComposerState {
    /// A form as it came.
    pub fn from_form(form: &'static str, sent: &Form, wrong: Option<UiMessage>) -> ComposerState {
        let submission = Uuid::parse_str(sent.raw("submission")).unwrap_or_else(|_| Uuid::new_v4());
        ComposerState { kind: form, text: sent.multi_line("text"), error: wrong, submission }
    }
}

/// How it stands about a piece of the call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DetailState {
    Known,
    Missing,
    Requested,
}

/// What happened on a day.
struct HistoryDay<'a> {
    label: String,
    events: Vec<&'a TicketEvent>,
}

impl StaffTicketPage {
    fn format_message(&self, say: &UiMessage) -> String {
        self.frame.lang().format(say)
    }

    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.format_message(&local_time::format_short(*at, self.now))
    }

    fn format_elapsed(&self, at: &OffsetDateTime) -> String {
        self.format_message(&local_time::format_elapsed(*at, self.now))
    }

    /// The block that an address of the strip lies in now.
    fn blocklist_entry(&self, fact: &Fact) -> Option<BlockEntry> {
        let ip = fact.ip?;
        let entries: Vec<_> = self.blocklist_entries.iter().filter(|entry| entry.net.contains(&ip)).cloned().collect();
        effective_entry(&entries).cloned()
    }

    fn blocklist_text(&self, entry: &BlockEntry) -> String {
        self.format_message(&UiMessage::new("block-ticket").with("reason", UiMessage::new(entry.reason.label())))
    }

    fn describe_party(&self, side: &CallParty) -> String {
        self.format_message(&party_description(&side.party))
    }

    /// The strip as text, to be pasted elsewhere.
    fn call_summary_text(&self) -> String {
        let address = format!("{}{}", self.frame.app.public_url, self.url());
        self.call_summary.to_text(&self.ticket, self.frame.lang(), &address)
    }

    fn describe_event(&self, event: &TicketEvent) -> String {
        self.format_message(&event.description())
    }

    /// The history by days, the newest first: what happened lately, and before.
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

    /// What was written to and fro: what opens above, and the latest.
    fn conversation(&self) -> (Vec<&TicketEvent>, Vec<&TicketEvent>) {
        let is_said = |event: &&TicketEvent| {
            event.note().is_some()
                || event.reply().is_some()
                || event.customer_message().is_some()
                || event.resubmitted_fields().is_some()
        };
        let mut earlier: Vec<_> = self.events.iter().filter(is_said).collect();
        let latest = earlier.split_off(earlier.len().saturating_sub(MAX_LATEST_MESSAGES));
        (earlier, latest)
    }

    /// A text that would push everything else off the screen scrolls by itself.
    fn is_long_text(&self, text: &str) -> bool {
        text.len() > 1500 || text.lines().count() > 25
    }

    /// What the composer was used for: a reply, unless it was a note.
    fn is_note(&self) -> bool {
        self.composer.kind == "note"
    }

    fn composer_error(&self) -> Option<String> {
        self.composer.error.as_ref().map(|wrong| self.format_message(wrong))
    }

    fn is_duplicate(&self) -> bool {
        self.ticket.status == TicketStatus::Duplicate
    }

    fn is_mine(&self) -> bool {
        self.ticket.assignee == Some(self.frame.staff.id)
    }

    /// Whether an event is the reader's own: a draft that stands there was sent.
    fn is_own_event(&self, event: &TicketEvent) -> bool {
        event.staff_id == Some(self.frame.staff.id)
    }

    fn url(&self) -> String {
        format!("/staff/tickets/{}", self.ticket.reference)
    }

    /// Where a form of the page goes, with the way back.
    fn action_url(&self, resource: &str) -> String {
        format!("{}/{resource}{}", self.url(), self.origin.to_query_string())
    }

    fn detail_url(&self, piece: &CallDetail) -> String {
        self.action_url(&format!("pieces/{}", piece.as_str()))
    }

    /// Saved replies, those in the customer's language first.
    fn saved_reply_groups(&self) -> Vec<(Lang, Vec<&SavedReplyOption>)> {
        let first = self.ticket.lang;
        let of = |lang| (lang, self.saved_replies.iter().filter(|one| one.lang == lang).collect::<Vec<_>>());
        [first, first.other()].map(of).into_iter().filter(|(_, titles)| !titles.is_empty()).collect()
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

    /// What the title bar of a browser with many tabs should tell.
    fn title(&self) -> String {
        let ends: Vec<_> = self.call_summary.endpoints.iter().map(|end| end.display.as_str()).collect();
        let code = self.ticket.sip_code.map(|code| format!(", {code}")).unwrap_or_default();
        format!("{}: {}{code}", self.ticket.reference, ends.join(" → "))
    }

    /// Incidents that it may be part of, as long as nobody has said.
    fn proposed_incidents(&self) -> Vec<&TicketIncident> {
        self.incidents.iter().filter(|one| !one.is_joined && self.ticket.status.is_active()).collect()
    }

    /// The incident that it is part of now; those that are over are its past.
    fn has_incident(&self) -> bool {
        self.incidents.iter().any(|one| one.is_joined && !one.is_closed())
    }

    /// Those that it could join: known ones that were not proposed for it.
    fn joinable_incidents(&self) -> Vec<PublicIncident> {
        let mut known = self.frame.app.public_incidents.current();
        known.retain(|notice| !self.incidents.iter().any(|one| one.id == notice.id));
        known
    }

    /// Whether its customer is still asked for anything.
    fn can_request_details(&self) -> bool {
        match self.ticket.status {
            TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting | TicketStatus::Duplicate => true,
            TicketStatus::Resolved | TicketStatus::Spam => false,
        }
    }

    /// The pieces of the call, those first that are missing to find it.
    fn call_details(&self) -> Vec<(CallDetail, DetailState)> {
        let missing = self.ticket.missing_details();
        let others = self.ticket.requestable_details().iter().filter(|piece| !missing.contains(piece));
        let is = |piece: &CallDetail| match () {
            () if self.ticket.requested_details.contains(piece) => DetailState::Requested,
            () if missing.contains(piece) => DetailState::Missing,
            () => DetailState::Known,
        };
        missing.iter().chain(others).map(|piece| (*piece, is(piece))).collect()
    }

    fn contact_phone(&self) -> Option<String> {
        let phone = self.ticket.phone.as_deref()?;
        Some(Party::from_stored(PartyKind::Number, phone, None).display())
    }
}

/// `?saved=id` puts a saved reply into the composer.
async fn show(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    uri: Uri,
    came: QueueOrigin,
    Now(now): Now,
) -> Result<Response, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut db = app.db.acquire().await?;
    let ticket = load_ticket(&mut db, &reference).await?;
    let text = fill_saved_reply(&app, &mut db, &ticket, &staff, &query).await?;
    let kept = ComposerState { text, ..ComposerState::from_form("reply", &Form::default(), None) };
    let page = load_page(&app, &mut db, &staff, ticket, &guides, Some(kept), now).await?;
    Ok(render_html(&StaffTicketPage { origin: came, ..page })?.into_response())
}

/// The same without losing what is written already, for browsers without a script: nothing is stored.
pub(crate) async fn insert_saved_reply(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    came: QueueOrigin,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let ticket = load_ticket(&mut db, &reference).await?;
    let fill_saved_reply = fill_saved_reply(&app, &mut db, &ticket, &staff, &form).await?;
    let kept = ComposerState::from_form("reply", &form, None);
    let written = [kept.text.as_str(), &fill_saved_reply].into_iter().filter(|text| !text.is_empty());
    let kept = ComposerState { text: written.collect::<Vec<_>>().join("\n\n"), ..kept };
    let page = load_page(&app, &mut db, &staff, ticket, &guides, Some(kept), now).await?;
    Ok(render_html(&StaffTicketPage { origin: came, ..page })?.into_response())
}

async fn fill_saved_reply(
    app: &App,
    db: &mut PgConnection,
    ticket: &Ticket,
    staff: &Staff,
    form: &Form,
) -> Result<String, AppError> {
    let Ok(id) = Uuid::parse_str(form.raw("saved")) else { return Ok(String::new()) };
    let saved = replies::find(db, id).await?;
    Ok(saved.map(|saved| saved.fill_from_ticket(app, ticket, staff)).unwrap_or_default())
}

pub(crate) async fn load_page(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    ticket: Ticket,
    guides: &Guides,
    kept: Option<ComposerState>,
    now: OffsetDateTime,
) -> Result<StaffTicketPage, AppError> {
    let examples = call_example::list_for_ticket(db, ticket.id).await?;
    let strip = CallSummary::new(&ticket, &examples, staff.lang);
    let ips: Vec<_> = strip.facts.iter().filter_map(|fact| fact.ip).collect();
    Ok(StaffTicketPage {
        frame: StaffLayout::new(app, staff, "queue"),
        blocklist_entries: blocklist::store::list_covering_any(db, &ips, now).await?,
        call_summary: strip,
        events: tickets::list_events(db, ticket.id).await?,
        related: RelatedTickets::load(db, &ticket, staff.lang).await?,
        guide_answers: guides.answers_in_language(staff.lang, &ticket),
        check_results: checks::list_for_ticket(db, ticket.id).await?,
        emails: emails::list_for_ticket(db, ticket.id).await?,
        incidents: incidents::list_for_ticket(db, ticket.id).await?,
        inbound_mails: inbound_mail::list_for_ticket(db, ticket.id).await?,
        email_details_form: EmailDetailsForm::from_ticket(&ticket),
        colleagues: list_active(db).await?,
        saved_replies: replies::list_options(db).await?,
        origin: QueueOrigin::default(),
        ticket,
        now,
        composer: kept.unwrap_or_else(|| ComposerState::from_form("reply", &Form::default(), None)),
    })
}

pub(crate) async fn load_ticket(db: &mut PgConnection, typed: &str) -> Result<Ticket, AppError> {
    let reference: TicketReference = typed.parse().map_err(|_| AppError::NotFound)?;
    tickets::find_by_reference(db, &reference).await?.ok_or(AppError::NotFound)
}
