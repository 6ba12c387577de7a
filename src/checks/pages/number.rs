//! The number check's page: a number as the visitor writes it, and what to dial.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{navigation::CheckNavigation, request::CheckRequest};
use crate::{
    checks::{CheckOutcome, NumberResult},
    phone::{DialingAdvice, advise_dialing},
    tickets::TicketCategory,
    urls,
    web::{AppError, PublicLayout, render_html},
};

/// Maximum length of a number in the URL of a guide's page, in characters. One more shows there that it was too long.
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

pub(super) async fn show(mut request: CheckRequest) -> Result<Response, AppError> {
    let raw_number = request.query.single_line("number");
    let was_submitted = request.query.has("number");
    let advice = was_submitted.then(|| advise_dialing(&raw_number, &request.app.operator.short_codes));
    let result_id = match advice.as_ref().filter(|_| !raw_number.is_empty()) {
        Some(advice) => request.save(&CheckOutcome::Number(NumberResult::new(&raw_number, advice))).await,
        None => None,
    };
    let CheckRequest { page, query, navigation, .. } = request;
    // a form within a guide's step: the step shows the result
    if !query.raw("in_guide").is_empty() && !navigation.guide_path.is_empty() && !raw_number.is_empty() {
        let number: String = raw_number.chars().take(MAX_RAW_NUMBER_LEN + 1).collect();
        let step_url = urls::with_query(&navigation.back_url(), &[("number", &number)]);
        return Ok(Redirect::to(&format!("{step_url}#number")).into_response());
    }
    Ok(render_html(&NumberCheckPage { page, navigation, raw_number, advice, result_id })?.into_response())
}
