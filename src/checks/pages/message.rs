//! What a message or code means: a page for what was typed, one for each cause, and the answer alone for those who type.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{Html, IntoResponse, Response},
};

use super::{CheckNavigation, CheckRequest};
use crate::{
    app::App,
    causes::{self, CauseMatch, FailureCause},
    checks::{CheckOutcome, Describe, MessageResult, find_guide_step},
    guides::{GuideStep, Guides},
    i18n::Lang,
    web::{AppError, Form, PublicLayout, form::percent_encode, render_html},
};

#[derive(Template)]
#[template(path = "checks/message.html")]
struct MessageCheckPage<'a> {
    page: PublicLayout,
    navigation: CheckNavigation,
    guides: &'a Guides,
    /// What was typed; empty on a cause's own page.
    raw_message: String,
    cause_match: Option<CauseMatch>,
    /// A cause's own page.
    single_cause: Option<&'static FailureCause>,
    result_id: Option<String>,
    /// Asked with an empty field.
    is_text_missing: bool,
}

impl MessageCheckPage<'_> {
    fn cause(&self) -> Option<&'static FailureCause> {
        self.single_cause.or(self.cause_match.as_ref().map(|reading| reading.cause))
    }

    fn other_cause(&self) -> Option<&'static FailureCause> {
        self.cause_match.as_ref()?.alternative
    }

    fn guide_step(&self, cause: &FailureCause) -> Option<(String, &GuideStep)> {
        find_guide_step(self.guides, self.page.lang, cause)
    }

    /// The sentence about what was typed.
    fn summary(&self) -> String {
        self.page.format(&MessageResult::new(&self.raw_message, self.cause_match.as_ref()).summary())
    }

    /// The form, with the message in its field.
    fn report_url(&self) -> String {
        let address = self.navigation.report_url(None);
        if self.raw_message.is_empty() {
            return address;
        }
        let text: String = self.raw_message.chars().take(crate::checks::message::MAX_TEXT_LEN).collect();
        format!("{address}{}error_text={}", if address.contains('?') { '&' } else { '?' }, percent_encode(&text))
    }

    /// The codes that mean the same: "SIP 401, 407; Q.850 21".
    fn format_codes(&self, cause: &FailureCause) -> String {
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

pub(super) async fn show(mut asking: CheckRequest, uri: Uri) -> Result<Html<String>, AppError> {
    let text = asking.query.single_line("text");
    let reading = causes::match_text(&text);
    let mut id = None;
    if !text.is_empty() {
        id = asking.save(&CheckOutcome::Message(MessageResult::new(&text, reading.as_ref()))).await;
    }
    let missing = text.is_empty() && uri.query().is_some_and(|query| query.contains("text="));
    let CheckRequest { page, navigation: way, guides, .. } = asking;
    render_html(&MessageCheckPage {
        page,
        navigation: way,
        guides: &guides,
        raw_message: text,
        cause_match: reading,
        single_cause: None,
        result_id: id,
        is_text_missing: missing,
    })
}

/// One cause: the same for everybody.
pub(super) async fn show_cause(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Path((_, id)): Path<(String, String)>,
    page: PublicLayout,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let edition = app.page_cache.generation();
    let cause = causes::find_by_id(&id).ok_or(AppError::NotFound)?;
    let way = CheckNavigation::from_query(&Form::default(), &guides, page.lang);
    let page = page.without_query();
    let rendered = MessageCheckPage {
        page,
        navigation: way,
        guides: &guides,
        raw_message: String::new(),
        cause_match: None,
        single_cause: Some(cause),
        result_id: None,
        is_text_missing: false,
    }
    .render()?;
    // an address with a query is not ours, and there are many
    Ok(if uri.query().is_some() {
        Html(rendered).into_response()
    } else {
        app.page_cache.store(&uri, &headers, edition, rendered)
    })
}

/// The answer alone, for the page that it is typed on; empty when the text says nothing to us yet.
#[derive(Template)]
#[template(path = "checks/message_hint.html")]
struct MessageHintPart {
    page: PublicLayout,
    cause_match: Option<CauseMatch>,
}

pub(super) async fn show_hint(page: PublicLayout, uri: Uri) -> Result<Html<String>, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    render_html(&MessageHintPart { cause_match: causes::match_text(&query.single_line("text")), page })
}
