//! The number's page: what somebody dials, and what to dial instead.

use askama::Template;
use axum::{
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};

use super::{CheckNavigation, CheckRequest};
use crate::{
    checks::{CheckOutcome, NumberResult},
    phone::{DialingAdvice, advise_dialing},
    tickets::TicketCategory,
    web::{AppError, PublicLayout, form::percent_encode, render_html},
};

/// The most of a text that travels back into a guide's address.
const MAX_RAW_NUMBER_LEN: usize = 200;

#[derive(Template)]
#[template(path = "checks/number.html")]
struct NumberCheckPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    raw_number: String,
    advice: Option<DialingAdvice>,
    result_id: Option<String>,
}

impl NumberCheckPage {
    fn report_url(&self) -> String {
        self.navigation.report_url(Some(TicketCategory::Outgoing))
    }
}

pub(super) async fn show(mut asking: CheckRequest, uri: Uri) -> Result<Response, AppError> {
    let typed = asking.query.single_line("number");
    let is_asked = uri.query().is_some_and(|query| query.contains("number="));
    let advice = is_asked.then(|| advise_dialing(&typed, &asking.app.operator.short_codes));
    let mut id = None;
    if let Some(advice) = advice.as_ref().filter(|_| !typed.is_empty()) {
        id = asking.save(&CheckOutcome::Number(NumberResult::new(&typed, advice))).await;
    }
    let CheckRequest { page, query, navigation: way, .. } = asking;
    // asked within a guide's step: the answer stands there
    if !query.raw("here").is_empty() && !way.guide_path.is_empty() && !typed.is_empty() {
        let typed: String = typed.chars().take(MAX_RAW_NUMBER_LEN + 1).collect();
        let step = way.back_url();
        let mark = if step.contains('?') { '&' } else { '?' };
        return Ok(Redirect::to(&format!("{step}{mark}number={}#number", percent_encode(&typed))).into_response());
    }
    Ok(render_html(&NumberCheckPage { page, navigation: way, raw_number: typed, advice, result_id: id })?
        .into_response())
}
