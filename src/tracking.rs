//! The customer's page of a ticket, behind its key.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{
    app::{App, Now},
    checks::{self, Kept},
    letters,
    report::fields::understood,
    tickets::{self, Event, Failure, Key, Reference, Reply, Side, Status, Ticket, What, Whom},
    web::{
        Client, Error, Form, Page,
        form::{escape, line},
        html,
        limit::{Limit, TICKET_LOOKUPS},
    },
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/ticket", get(ask))
        .route("/{lang}/ticket/{reference}", get(show))
        .layer(Extension(Arc::new(Limit::new(&TICKET_LOOKUPS))))
}

/// "Check my ticket": reference and key, for those who have them on paper.
#[derive(Template)]
#[template(path = "tracking/ask.html")]
struct AskPage {
    page: Page,
    reference: String,
    key: String,
    wrong_reference: Option<Say>,
    wrong_key: Option<Say>,
    refused: bool,
}

async fn ask(page: Page, uri: Uri) -> Result<Response, Error> {
    let Some(query) = uri.query() else {
        return Ok(html(&AskPage::new(page, String::new(), String::new()))?.into_response());
    };
    let form = Form::parse(query.as_bytes());
    let (reference, key) = (form.line("reference"), form.line("key"));
    let read = reference.parse::<Reference>();
    if let (Ok(reference), false) = (&read, key.is_empty()) {
        let address = format!("/{}/ticket/{reference}?key={}", page.lang, escape(&typed_key(&key)));
        return Ok(Redirect::to(&address).into_response());
    }
    let mut page = AskPage::new(page.without_query(), reference, key.clone());
    page.wrong_reference = read.err();
    page.wrong_key = key.is_empty().then(|| Say::new("track-key-missing"));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

impl AskPage {
    fn new(page: Page, reference: String, key: String) -> AskPage {
        AskPage { page, reference, key, wrong_reference: None, wrong_key: None, refused: false }
    }

    fn say(&self, say: &Option<Say>) -> Option<String> {
        say.as_ref().map(|say| self.page.say(say))
    }
}

#[derive(Template)]
#[template(path = "tracking/ticket.html")]
struct TicketPage {
    page: Page,
    ticket: Ticket,
    events: Vec<Event>,
    /// The ticket that it is treated together with.
    main: Option<Main>,
    found: Vec<Kept>,
    /// Where our last letter is.
    letter: Option<Say>,
    key: String,
}

/// What a duplicate's customer may know of the main ticket, which somebody else reported: how it stands, and what staff
/// wrote for customers.
struct Main {
    status: Status,
    updated_at: OffsetDateTime,
    events: Vec<Event>,
}

impl TicketPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.page.say(&zone::long_moment(*at))
    }

    fn call_moment(&self, at: &OffsetDateTime) -> String {
        self.page.say(&zone::call_moment(*at))
    }

    fn side(&self, side: &Side) -> String {
        self.page.say(&understood(&side.party))
    }

    /// What was typed, where it differs from how it is shown.
    fn typed(&self, side: &Side) -> Option<String> {
        Some(side.typed.clone()).filter(|typed| *typed != side.party.display())
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

    fn next(&self) -> String {
        let id = match self.status() {
            Status::New | Status::Spam => "track-next-new",
            Status::Open | Status::Duplicate => "track-next-open",
            Status::Waiting => match self.waited_for() {
                None => "track-next-waiting",
                Some(Whom::Customer) => "track-next-waiting-you",
                Some(Whom::Carrier) => "track-next-waiting-carrier",
            },
            Status::Resolved => "track-next-resolved",
        };
        self.page.lang.t1(id, "hours", self.page.operator().reply_hours)
    }

    fn waited_for(&self) -> Option<Whom> {
        let events = self.main.as_ref().map_or(&self.events, |main| &main.events);
        let last = events.iter().rev().filter(|event| !event.withdrawn).find_map(|event| match &event.what.0 {
            What::Waits { whom, .. } => Some(*whom),
            _ => None,
        })?;
        // who is asked for on somebody else's ticket is somebody else
        last.filter(|whom| self.main.is_none() || *whom != Whom::Customer)
    }

    /// The steps that a customer cares about, the oldest first. What was said on the main ticket before this one was
    /// merged into it follows the step that says so.
    fn course(&self) -> Vec<Course<'_>> {
        let merged = self.events.iter().rev().find(|event| matches!(event.what.0, What::MergedInto { .. }));
        let merged = merged.filter(|_| self.main.is_some());
        let own = self.events.iter().filter_map(|event| {
            let heading = match &event.what.0 {
                What::Opened { .. } => "track-course-opened",
                What::SentAgain { .. } => "track-course-sent-again",
                What::MergedInto { .. } if merged.is_some_and(|last| std::ptr::eq(last, event)) => {
                    "track-course-merged"
                }
                _ => shared(&event.what)?,
            };
            Some((event.at, heading, event))
        });
        let main = self.main.iter().flat_map(|main| &main.events).filter_map(|event| {
            let at = merged.map_or(event.at, |merged| event.at.max(merged.at));
            Some((at, shared(&event.what)?, event))
        });
        let mut steps: Vec<_> = own.chain(main).filter(|(.., event)| !event.withdrawn).collect();
        steps.sort_by_key(|(at, ..)| *at);
        let course = steps.into_iter().map(|(_, heading, event)| Course {
            heading: self.page.t(heading).into_owned(),
            at: event.at,
            text: event.for_customer().map(Reply::as_str),
            by: event.name.as_deref().map(|name| name.split(' ').next().unwrap_or(name).to_owned()),
        });
        course.collect()
    }

    /// A page that says "resolved" asks for nothing; one that waits shows that something follows.
    fn is_over(&self) -> bool {
        self.status() == Status::Resolved
    }

    /// The key in groups, to be copied by hand.
    fn key_groups(&self) -> String {
        let letters: Vec<char> = self.key.chars().collect();
        letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

/// What the customers of a ticket and of its duplicates may know of a change.
fn shared(what: &What) -> Option<&'static str> {
    match what {
        What::Assigned { was: None, .. } | What::StatusChanged { took: true, .. } | What::Waits { took: true, .. } => {
            Some("track-course-taken")
        }
        What::Replied { .. } => Some("track-course-replied"),
        What::Resolved { .. } => Some("track-course-resolved"),
        What::Reopened { .. } => Some("track-course-reopened"),
        What::Opened { .. }
        | What::SentAgain { .. }
        | What::Assigned { .. }
        | What::Released { .. }
        | What::StatusChanged { .. }
        | What::Waits { .. }
        | What::CameBack
        | What::MarkedSpam
        | What::Noted { .. }
        | What::MergedInto { .. }
        | What::Absorbed { .. }
        | What::Separated { .. }
        | What::LetGo { .. }
        | What::ResolvedWith { .. }
        | What::FollowsAgain { .. }
        | What::Settled { .. }
        | What::Undone => None,
    }
}

struct Course<'a> {
    heading: String,
    at: OffsetDateTime,
    text: Option<&'a str>,
    by: Option<String>,
}

async fn show(
    State(app): State<App>,
    Extension(limit): Extension<Arc<Limit>>,
    Path((_, typed)): Path<(String, String)>,
    uri: Uri,
    page: Page,
    client: Client,
    Now(now): Now,
) -> Result<Response, Error> {
    let key = Key(typed_key(Form::parse(uri.query().unwrap_or_default().as_bytes()).raw("key")));
    let found = match typed.parse::<Reference>() {
        Ok(reference) => {
            let mut db = app.db.read().await?;
            let ticket = tickets::by_key(&mut db, &reference, &key.hash()).await?;
            match ticket {
                Some(ticket) => {
                    let events = tickets::events(&mut db, ticket.id).await?;
                    let main = main_of(&mut db, &ticket).await?;
                    let found = checks::of_ticket(&mut db, ticket.id).await?;
                    let letters = letters::of_ticket(&mut db, ticket.id).await?;
                    let letter = ticket.email.as_ref().and_then(|to| letters::for_customer(&letters, to, now));
                    Some((ticket, events, main, found, letter))
                }
                None => None,
            }
        }
        Err(_) => None,
    };
    let Some((ticket, events, main, found, letter)) = found else {
        // only misses count: a customer may look at the page as often as they like
        limit.check(client.ip)?;
        let mut page = AskPage::new(page.without_query(), line(&typed), String::new());
        page.wrong_reference = typed.parse::<Reference>().err();
        page.refused = page.wrong_reference.is_none();
        return Ok((StatusCode::NOT_FOUND, html(&page)?).into_response());
    };
    Ok(html(&TicketPage { page, ticket, events, main, found, letter, key: key.0 })?.into_response())
}

async fn main_of(db: &mut PgConnection, ticket: &Ticket) -> Result<Option<Main>, Error> {
    let Some(reference) = &ticket.main else { return Ok(None) };
    let Some(main) = tickets::by_reference(db, reference).await? else { return Ok(None) };
    let events = tickets::events(db, main.id).await?;
    Ok(Some(Main { status: main.status, updated_at: main.updated_at, events }))
}

/// A key as it was typed from paper: without dashes and spaces, letters that look like digits read as digits.
fn typed_key(typed: &str) -> String {
    let plain = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    plain
        .map(|c| {
            if c == 'O' {
                '0'
            } else if matches!(c, 'I' | 'L') {
                '1'
            } else {
                c
            }
        })
        .take(100)
        .collect()
}
