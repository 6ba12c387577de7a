//! What a message or code means: a page for what was typed, one for each cause, and the answer alone for those who type.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{Html, IntoResponse, Response},
};

use super::{Asking, Way};
use crate::{
    app::App,
    causes::{self, Cause, Reading},
    checks::{Finding, MessageRead, Told, step_of},
    guides::{Guides, Step},
    web::{Error, Form, Page, form::escape, html},
    words::Lang,
};

#[derive(Template)]
#[template(path = "checks/message.html")]
struct MessagePage<'a> {
    page: Page,
    way: Way,
    guides: &'a Guides,
    /// What was typed; empty on a cause's own page.
    text: String,
    reading: Option<Reading>,
    /// A cause's own page.
    only: Option<&'static Cause>,
    id: Option<String>,
    /// Asked with an empty field.
    missing: bool,
}

impl MessagePage<'_> {
    fn cause(&self) -> Option<&'static Cause> {
        self.only.or(self.reading.as_ref().map(|reading| reading.cause))
    }

    fn other(&self) -> Option<&'static Cause> {
        self.reading.as_ref()?.other
    }

    fn step(&self, cause: &Cause) -> Option<(String, &Step)> {
        step_of(self.guides, self.page.lang, cause)
    }

    /// The sentence about what was typed.
    fn said(&self) -> String {
        self.page.say(&MessageRead::of(&self.text, self.reading.as_ref()).sentence())
    }

    /// The form, with the message in its field.
    fn report(&self) -> String {
        let address = self.way.report(None);
        if self.text.is_empty() {
            return address;
        }
        let text: String = self.text.chars().take(crate::checks::message::LONGEST).collect();
        format!("{address}{}error_text={}", if address.contains('?') { '&' } else { '?' }, escape(&text))
    }

    /// The codes that mean the same: "SIP 401, 407; Q.850 21".
    fn codes(&self, cause: &Cause) -> String {
        let list = |name: &str, codes: Vec<String>| format!("{name}\u{a0}{}", codes.join(", "));
        let sip = list("SIP", cause.sip.iter().map(ToString::to_string).collect());
        let q850 = list("Q.850", cause.q850.iter().map(ToString::to_string).collect());
        match (cause.sip.is_empty(), cause.q850.is_empty()) {
            (true, true) => String::new(),
            (false, true) => sip,
            (true, false) => q850,
            (false, false) => format!("{sip}; {q850}"),
        }
    }
}

pub(super) async fn show(mut asking: Asking, uri: Uri) -> Result<Html<String>, Error> {
    let text = asking.query.line("text");
    let reading = causes::read(&text);
    let mut id = None;
    if !text.is_empty() {
        id = asking.keep(&Finding::Message(MessageRead::of(&text, reading.as_ref()))).await;
    }
    let missing = text.is_empty() && uri.query().is_some_and(|query| query.contains("text="));
    let Asking { page, way, guides, .. } = asking;
    html(&MessagePage { page, way, guides: &guides, text, reading, only: None, id, missing })
}

/// One cause: the same for everybody.
pub(super) async fn cause(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Path((_, id)): Path<(String, String)>,
    page: Page,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let edition = app.pages.edition();
    let cause = causes::by_id(&id).ok_or(Error::NotFound)?;
    let way = Way::of(&Form::default(), &guides, page.lang);
    let page = page.without_query();
    let rendered = MessagePage {
        page,
        way,
        guides: &guides,
        text: String::new(),
        reading: None,
        only: Some(cause),
        id: None,
        missing: false,
    }
    .render()?;
    // an address with a query is not ours, and there are many
    Ok(if uri.query().is_some() {
        Html(rendered).into_response()
    } else {
        app.pages.keep(&uri, &headers, edition, rendered)
    })
}

/// The answer alone, for the page that it is typed on; empty when the text says nothing to us yet.
#[derive(Template)]
#[template(path = "checks/message_said.html")]
struct SaidPart {
    page: Page,
    reading: Option<Reading>,
}

pub(super) async fn said(page: Page, uri: Uri) -> Result<Html<String>, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    html(&SaidPart { reading: causes::read(&query.line("text")), page })
}
