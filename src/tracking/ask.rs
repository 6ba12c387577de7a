//! "Check my ticket": reference and key, for those who have them on paper; reference and e-mail address, for those who lost
//! the link. Who has no key learns nothing here, not even whether there is such a ticket.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use time::OffsetDateTime;

use super::guest::{Limits, typed_key};
use crate::{
    app::{App, Now},
    email::is_email,
    tickets::{Reference, link},
    web::{
        Client, Error, Form, Page,
        form::{escape, line},
        html,
    },
    words::Say,
};

#[derive(Template)]
#[template(path = "tracking/ask.html")]
struct AskPage {
    page: Page,
    reference: String,
    key: String,
    email: String,
    wrong_reference: Option<Say>,
    wrong_key: Option<Say>,
    /// Complaints of the second form.
    wrong_sent: Option<Say>,
    wrong_email: Option<Say>,
    refused: bool,
}

/// Always the same, whether the link goes out or not.
#[derive(Template)]
#[template(path = "tracking/sent.html")]
struct SentPage {
    page: Page,
}

pub(super) async fn ask(page: Page, uri: Uri) -> Result<Response, Error> {
    let Some(query) = uri.query() else {
        return Ok(html(&AskPage::new(page, String::new()))?.into_response());
    };
    let form = Form::parse(query.as_bytes());
    let (reference, key) = (form.line("reference"), form.line("key"));
    let read = reference.parse::<Reference>();
    if let (Ok(reference), false) = (&read, key.is_empty()) {
        let address = format!("/{}/ticket/{reference}?key={}", page.lang, escape(&typed_key(&key)));
        return Ok(Redirect::to(&address).into_response());
    }
    let wrong_key = key.is_empty().then(|| Say::new("track-key-missing"));
    let page = AskPage { key, wrong_reference: read.err(), wrong_key, ..AskPage::new(page.without_query(), reference) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// Whom the key does not open the door to.
pub(super) fn refused(page: Page, typed: &str) -> Result<Response, Error> {
    let wrong_reference = typed.parse::<Reference>().err();
    let refused = wrong_reference.is_none();
    let page = AskPage { wrong_reference, refused, ..AskPage::new(page.without_query(), line(typed)) };
    Ok((StatusCode::NOT_FOUND, html(&page)?).into_response())
}

/// Sends the link to the ticket's own e-mail address. What is found out about the ticket is found out after the answer, so
/// neither its words nor its time tell anything.
pub(super) async fn send(
    State(app): State<App>,
    Extension(limits): Extension<Arc<Limits>>,
    page: Page,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let (reference, email) = (form.line("reference"), form.line("email"));
    let read = reference.parse::<Reference>();
    let wrong_email = (!is_email(&email)).then(|| Say::new("report-email-wrong"));
    let reference = match (read, &wrong_email) {
        (Ok(reference), None) => reference,
        (read, _) => {
            let page =
                AskPage { email, wrong_sent: read.err(), wrong_email, ..AskPage::new(page.without_query(), reference) };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
        }
    };
    limits.links.check(client.ip)?;
    tokio::spawn(async move {
        if let Err(error) = send_link(&app, &reference, &email, now).await {
            error.log();
        }
    });
    Ok(html(&SentPage { page: page.without_query() })?.into_response())
}

async fn send_link(app: &App, reference: &Reference, email: &str, now: OffsetDateTime) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    link::send(&mut tx, reference, email, now).await?;
    tx.commit().await?;
    Ok(())
}

impl AskPage {
    fn new(page: Page, reference: String) -> AskPage {
        AskPage {
            page,
            reference,
            key: String::new(),
            email: String::new(),
            wrong_reference: None,
            wrong_key: None,
            wrong_sent: None,
            wrong_email: None,
            refused: false,
        }
    }

    fn say(&self, say: &Option<Say>) -> Option<String> {
        say.as_ref().map(|say| self.page.say(say))
    }

    /// What has to be put right: the field and the sentence.
    fn summary(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("reference", &self.wrong_reference),
            ("key", &self.wrong_key),
            ("sent-reference", &self.wrong_sent),
            ("email", &self.wrong_email),
        ];
        fields.into_iter().filter_map(|(field, say)| Some((field, self.say(say)?))).collect()
    }

    fn is_wrong(&self) -> bool {
        self.refused || !self.summary().is_empty()
    }
}
