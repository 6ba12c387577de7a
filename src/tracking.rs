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
use time::OffsetDateTime;

use crate::{
    app::App,
    checks::{self, Kept},
    report::fields::understood,
    tickets::{self, Event, Failure, Key, Reference, Reply, Side, Status, Ticket, What},
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
    found: Vec<Kept>,
    key: String,
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

    fn status_label(&self) -> String {
        self.page.t(&format!("track-{}", self.ticket.status.label())).into_owned()
    }

    fn next(&self) -> String {
        let id = match self.ticket.status {
            Status::New | Status::Spam => "track-next-new",
            Status::Open | Status::Duplicate => "track-next-open",
            Status::Waiting => "track-next-waiting",
            Status::Resolved => "track-next-resolved",
        };
        self.page.lang.t1(id, "hours", self.page.operator().reply_hours)
    }

    /// The steps that a customer cares about, the oldest first.
    fn course(&self) -> Vec<Course<'_>> {
        let mut course = Vec::new();
        for event in &self.events {
            let heading = match &event.what.0 {
                What::Opened { .. } => "track-course-opened",
                What::SentAgain { .. } => "track-course-sent-again",
                What::Assigned { was: None, .. } => "track-course-taken",
                What::Replied { .. } => "track-course-replied",
                What::Resolved { .. } => "track-course-resolved",
                What::Reopened { .. } => "track-course-reopened",
                What::Assigned { .. }
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
                | What::Undone => continue,
            };
            course.push(Course {
                heading: self.page.t(heading).into_owned(),
                at: event.at,
                text: event.for_customer().map(Reply::as_str),
                by: event.name.as_deref().map(|name| name.split(' ').next().unwrap_or(name).to_owned()),
            });
        }
        course
    }

    /// A page that says "resolved" asks for nothing; one that waits shows that something follows.
    fn is_over(&self) -> bool {
        self.ticket.status == Status::Resolved
    }

    /// The key in groups, to be copied by hand.
    fn key_groups(&self) -> String {
        let letters: Vec<char> = self.key.chars().collect();
        letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
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
) -> Result<Response, Error> {
    let key = Key(typed_key(Form::parse(uri.query().unwrap_or_default().as_bytes()).raw("key")));
    let found = match typed.parse::<Reference>() {
        Ok(reference) => {
            let mut db = app.db.read().await?;
            let ticket = tickets::by_key(&mut db, &reference, &key.hash()).await?;
            match ticket {
                Some(ticket) => {
                    let events = tickets::events(&mut db, ticket.id).await?;
                    let found = checks::of_ticket(&mut db, ticket.id).await?;
                    Some((ticket, events, found))
                }
                None => None,
            }
        }
        Err(_) => None,
    };
    let Some((ticket, events, found)) = found else {
        // only misses count: a customer may look at the page as often as they like
        limit.check(client.ip)?;
        let mut page = AskPage::new(page.without_query(), line(&typed), String::new());
        page.wrong_reference = typed.parse::<Reference>().err();
        page.refused = page.wrong_reference.is_none();
        return Ok((StatusCode::NOT_FOUND, html(&page)?).into_response());
    };
    Ok(html(&TicketPage { page, ticket, events, found, key: key.0 })?.into_response())
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
