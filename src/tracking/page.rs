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

use super::{guest::Guest, picture::Picture};
use crate::{
    checks::{self, Kept},
    letters,
    notices::Notice,
    report::fields::understood,
    tickets::{
        self, Event, Example, Failure, GivenAnswer, Key, Piece, Precision, Side, Status, Ticket, What, Whom, example,
        link,
    },
    web::{Error, Page, html},
    words::Say,
    zone,
};

#[derive(Template)]
#[template(path = "tracking/ticket.html")]
pub(super) struct TicketPage {
    pub page: Page,
    pub ticket: Ticket,
    pub events: Vec<Event>,
    /// The ticket that it is treated together with.
    pub main: Option<Main>,
    /// The walk through the guide.
    given: Vec<GivenAnswer>,
    found: Vec<Kept>,
    examples: Vec<Example>,
    /// Where our last letter is.
    letter: Option<Say>,
    key: Key,
    now: OffsetDateTime,
    /// What was just done: a message of `words`.
    said: Option<&'static str>,
    written: Written,
}

/// What was written and not taken, with the reason.
#[derive(Default)]
pub(super) struct Written {
    pub text: String,
    pub wrong: Option<Say>,
    /// The form's id: sent twice, a text counts once.
    pub submission: Uuid,
}

/// What a duplicate's customer may know of the main ticket, which somebody else reported: how it stands, and what staff
/// wrote for customers.
pub(super) struct Main {
    pub status: Status,
    pub updated_at: OffsetDateTime,
    pub waiting_since: OffsetDateTime,
    pub waiting_until: Option<OffsetDateTime>,
    pub events: Vec<Event>,
}

pub(super) async fn show(guest: Guest) -> Result<Response, Error> {
    let said = said(guest.query.raw("said"));
    let written = Written { submission: Uuid::new_v4(), ..Written::default() };
    page(guest, StatusCode::OK, said, written).await
}

/// The page after something was done, or was not.
pub(super) async fn page(
    guest: Guest,
    status: StatusCode,
    said: Option<&'static str>,
    written: Written,
) -> Result<Response, Error> {
    let mut db = guest.app.db.read().await?;
    let Guest { page, ticket, key, now, guides, .. } = guest;
    let events = tickets::events(&mut db, ticket.id).await?;
    let main = main_of(&mut db, &ticket).await?;
    let found = checks::of_ticket(&mut db, ticket.id).await?;
    let examples = example::of(&mut db, ticket.id).await?;
    let letters = letters::of_ticket(&mut db, ticket.id).await?;
    let letter = ticket.email.as_ref().and_then(|to| {
        // who was taken for a robot sees what a person sees
        let told = letters::for_customer(&letters, to, now);
        told.or_else(|| (ticket.status == Status::Spam).then(|| letters::not_gone(to)))
    });
    let given = guides.retell(page.lang, &ticket);
    let page = TicketPage { page, ticket, events, main, given, found, examples, letter, key, now, said, written };
    Ok((status, html(&page)?).into_response())
}

async fn main_of(db: &mut PgConnection, ticket: &Ticket) -> Result<Option<Main>, Error> {
    let Some(reference) = &ticket.main else { return Ok(None) };
    let Some(main) = tickets::by_reference(db, reference).await? else { return Ok(None) };
    let events = tickets::events(db, main.id).await?;
    let Ticket { status, updated_at, waiting_since, waiting_until, .. } = main;
    Ok(Some(Main { status, updated_at, waiting_since, waiting_until, events }))
}

/// What an address says was just done.
fn said(name: &str) -> Option<&'static str> {
    match name {
        "message" => Some("track-said-message"),
        "works" => Some("track-said-works"),
        "fails" => Some("track-said-fails"),
        "example" => Some("track-said-example"),
        "answer" => Some("track-said-answer"),
        "link" => Some("track-said-link"),
        "incident" => Some("track-said-incident"),
        _ => None,
    }
}

impl TicketPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.page.say(&zone::near_moment(*at, self.now))
    }

    fn call_moment(&self, at: &OffsetDateTime) -> String {
        self.page.say(&zone::call_moment(*at))
    }

    /// With how far off it may be; seconds only where somebody gave them: not of "just now", nor of "about two".
    fn moment_within(&self, at: &OffsetDateTime, precision: &Precision) -> String {
        match precision {
            Precision::Exact => self.call_moment(at),
            Precision::FiveMinutes | Precision::HalfHour => self.call_moment(&at.replace_second(0).unwrap_or(*at)),
        }
    }

    fn precision(&self, precision: &Precision) -> String {
        self.page.t(&format!("track-{}", precision.label())).into_owned()
    }

    fn side(&self, side: &Side) -> String {
        self.page.say(&understood(&side.party))
    }

    /// What was typed, where it differs from how it is shown.
    fn typed(&self, side: &Side) -> Option<String> {
        Some(side.typed.clone()).filter(|typed| *typed != side.party.display())
    }

    fn to(&self, below: &str) -> String {
        super::guest::address(&self.page, &self.ticket, below, &self.key)
    }

    fn to_answer(&self, piece: &Piece) -> String {
        self.to(&format!("/answer/{}", piece.as_str()))
    }

    /// The page in the other language, whatever was sent to come here.
    fn switch(&self) -> String {
        format!("/{}/ticket/{}?key={}", self.page.lang.other(), self.ticket.reference, self.key.0)
    }

    /// Each form has an id of its own, made from the page's.
    fn form_id(&self, form: &str) -> Uuid {
        crate::token::id(format!("{} {form}", self.written.submission))
    }

    /// A duplicate stands where its main ticket does.
    fn status(&self) -> Status {
        self.main.as_ref().map_or(self.ticket.status, |main| main.status)
    }

    fn status_label(&self) -> String {
        self.page.t(&format!("track-{}", self.status().label())).into_owned()
    }

    fn changed_at(&self) -> OffsetDateTime {
        let main = self.main.as_ref().map(|main| main.updated_at);
        main.map_or(self.ticket.updated_at, |main| main.max(self.ticket.updated_at))
    }

    /// What happens next, and by when.
    fn next(&self) -> String {
        // whoever wrote meanwhile still has it before them
        if !self.is_over() && !self.ticket.questions().is_empty() {
            return self.page.t("track-next-asked").into_owned();
        }
        match self.status() {
            Status::New | Status::Spam => self.promise("track-next-new-by", "track-next-new"),
            Status::Open | Status::Duplicate if self.is_answered() => self.page.t("track-next-open").into_owned(),
            Status::Open | Status::Duplicate => self.promise("track-next-open-by", "track-next-open"),
            Status::Waiting => self.waits(),
            Status::Resolved if self.ticket.is_closed(self.now) => self.page.t("track-next-closed").into_owned(),
            Status::Resolved => self.page.t("track-next-resolved").into_owned(),
        }
    }

    /// The promise with its time, or without opening hours by the hour; and when it is broken, that it is.
    fn promise(&self, by: &'static str, within: &'static str) -> String {
        let since = self.main.as_ref().map_or(self.ticket.waiting_since, |main| main.waiting_since);
        match self.page.operator().answers_by(since) {
            Some(at) if at < self.now => {
                self.page.say(&Say::new("track-next-late").with("moment", zone::long_moment(at)))
            }
            Some(at) => self.page.say(&Say::new(by).with("by", zone::by(at, self.now))),
            None => self.page.lang.t1(within, "hours", self.page.operator().reply_hours),
        }
    }

    fn waits(&self) -> String {
        let id = match self.waited_for() {
            None => "track-next-waiting",
            Some(Whom::Customer) => "track-next-waiting-you",
            Some(Whom::Carrier) => "track-next-waiting-carrier",
        };
        let until = self.main.as_ref().map_or(self.ticket.waiting_until, |main| main.waiting_until);
        match until.filter(|until| *until > self.now) {
            Some(until) => self
                .page
                .say(&Say::new("track-next-until").with("told", Say::new(id)).with("by", zone::by(until, self.now))),
            None => self.page.t(id).into_owned(),
        }
    }

    /// Whether staff have written since it last came to them.
    fn is_answered(&self) -> bool {
        let (since, events) = match &self.main {
            Some(main) => (main.waiting_since, &main.events),
            None => (self.ticket.waiting_since, &self.events),
        };
        events.iter().any(|event| event.at >= since && !event.withdrawn && event.for_customer().is_some())
    }

    /// The known trouble that it is part of, as long as that lasts.
    fn trouble(&self) -> Option<Notice> {
        let events = self.main.as_ref().map_or(&self.events, |main| &main.events);
        let last = events.iter().rev().filter(|event| !event.withdrawn).find_map(|event| match &event.what.0 {
            What::JoinedIncident { incident, .. } => Some(Some(*incident)),
            What::LeftIncident { .. } | What::ResolvedInIncident { .. } => Some(None),
            _ => None,
        })?;
        self.page.app.notices.one(last?).filter(|notice| !notice.is_over())
    }

    /// Known trouble that it may be part of, while it is part of none: a duplicate goes with its main ticket.
    fn troubles(&self) -> Vec<Notice> {
        match self.main.is_none() && self.ticket.status.is_active() && self.trouble().is_none() {
            true => self.page.app.notices.concerning(self.ticket.category.as_str()),
            false => Vec::new(),
        }
    }

    fn waited_for(&self) -> Option<Whom> {
        let events = self.main.as_ref().map_or(&self.events, |main| &main.events);
        let last = events.iter().rev().filter(|event| !event.withdrawn).find_map(|event| match &event.what.0 {
            What::Waits { whom, .. } => Some(*whom),
            What::Asked { .. } => Some(Some(Whom::Customer)),
            _ => None,
        })?;
        // who is asked for on somebody else's ticket is somebody else
        last.filter(|whom| self.main.is_none() || *whom != Whom::Customer)
    }

    /// A page that says "resolved" asks for nothing; one that waits shows that something follows.
    fn is_over(&self) -> bool {
        self.status() == Status::Resolved
    }

    /// Over for so long that who still has the trouble reports it anew.
    fn is_closed(&self) -> bool {
        self.ticket.is_closed(self.now)
    }

    /// Nothing has been done: whoever has just sent it may not have kept the way back.
    fn is_new(&self) -> bool {
        matches!(self.status(), Status::New | Status::Spam)
    }

    fn is_call(&self) -> bool {
        matches!(self.ticket.failure, Failure::Call { .. } | Failure::Told(_))
    }

    /// Until when the link opens this page.
    fn link_until(&self) -> Option<String> {
        Some(zone::date(self.ticket.resolved_at? + link::KEPT))
    }

    /// What is missing to find the call, in words.
    fn missing(&self) -> Option<String> {
        let missing = self.ticket.missing();
        let names: Vec<_> = missing.iter().map(|piece| self.page.t(piece.label()).into_owned()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn wrong_text(&self) -> Option<String> {
        self.written.wrong.as_ref().map(|wrong| self.page.say(wrong))
    }

    /// The page's address, for the camera of a telephone.
    fn picture(&self) -> Option<Picture> {
        Picture::of(&format!("{}{}", self.page.app.public_url, self.to("")))
    }

    /// The key in groups, to be copied by hand.
    fn key_groups(&self) -> String {
        let letters: Vec<char> = self.key.0.chars().collect();
        letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}
