//! The message check's pages: what a message means, one page per cause, and the explanation alone while a message is typed.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{Html, IntoResponse, Response},
};

use super::{
    navigation::CheckNavigation,
    request::{CheckRequest, CheckState},
};
use crate::{
    causes::{self, CauseMatch, FailureCause},
    checks::{CheckOutcome, Describe, MessageResult, find_guide_step},
    guides::{GuideStep, Guides},
    i18n::{Label, Lang},
    urls,
    web::{AppError, Form, PublicLayout, QueryForm, render_html},
};

#[derive(Template)]
#[template(path = "checks/message.html")]
struct MessageCheckPage<'a> {
    page: PublicLayout,
    navigation: CheckNavigation,
    guides: &'a Guides,
    /// The message as typed; empty on the page of a cause.
    raw_message: String,
    cause_match: Option<CauseMatch>,
    /// The cause, on the page of a cause.
    single_cause: Option<&'static FailureCause>,
    result_id: Option<String>,
    /// The form was sent with an empty field.
    is_text_missing: bool,
}

impl MessageCheckPage<'_> {
    fn cause(&self) -> Option<&'static FailureCause> {
        self.single_cause.or(self.cause_match.as_ref().map(|matched| matched.cause))
    }

    fn other_cause(&self) -> Option<&'static FailureCause> {
        self.cause_match.as_ref()?.alternative
    }

    fn guide_step(&self, cause: &FailureCause) -> Option<(String, &GuideStep)> {
        find_guide_step(self.guides, self.page.lang, cause)
    }

    /// The summary about the message.
    fn summary(&self) -> String {
        self.page.format(&MessageResult::new(&self.raw_message, self.cause_match.as_ref()).summary())
    }

    /// The report form, with the message filled in.
    fn report_url(&self) -> String {
        let text: String = self.raw_message.chars().take(crate::checks::message::MAX_TEXT_LEN).collect();
        urls::with_query(&self.navigation.report_url(None), &[("error_text", &text)])
    }

    /// The codes of a cause: "SIP 401, 407; Q.850 21".
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

pub(super) async fn show(mut request: CheckRequest) -> Result<Html<String>, AppError> {
    let raw_message = request.query.single_line("text");
    let cause_match = causes::match_text(&raw_message);
    let mut result_id = None;
    if !raw_message.is_empty() {
        let outcome = CheckOutcome::Message(MessageResult::new(&raw_message, cause_match.as_ref()));
        result_id = request.save(&outcome).await;
    }
    let is_text_missing = raw_message.is_empty() && request.query.has("text");
    let CheckRequest { page, navigation, guides, .. } = request;
    render_html(&MessageCheckPage {
        page,
        navigation,
        guides: &guides,
        raw_message,
        cause_match,
        single_cause: None,
        result_id,
        is_text_missing,
    })
}

/// The page of a cause. It is the same for everybody and cached.
pub(super) async fn show_cause(
    State(CheckState { app, guides, .. }): State<CheckState>,
    Path((_, id)): Path<(String, String)>,
    page: PublicLayout,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let generation = app.page_cache.generation();
    let cause = causes::find_by_id(&id).ok_or(AppError::NotFound)?;
    let navigation = CheckNavigation::from_query(&Form::default(), &guides, page.lang);
    let rendered = MessageCheckPage {
        page: page.without_query(),
        navigation,
        guides: &guides,
        raw_message: String::new(),
        cause_match: None,
        single_cause: Some(cause),
        result_id: None,
        is_text_missing: false,
    }
    .render()?;
    // the page has no query of its own, and arbitrary queries would fill the cache
    Ok(if uri.query().is_some() {
        Html(rendered).into_response()
    } else {
        app.page_cache.store(&uri, &headers, generation, rendered)
    })
}

/// The explanation alone, for a page on which a message is being typed; empty if nothing matches yet.
#[derive(Template)]
#[template(path = "checks/message_hint.html")]
struct MessageHintPart {
    page: PublicLayout,
    cause_match: Option<CauseMatch>,
}

pub(super) async fn show_hint(page: PublicLayout, QueryForm(query): QueryForm) -> Result<Html<String>, AppError> {
    render_html(&MessageHintPart { cause_match: causes::match_text(&query.single_line("text")), page })
}
