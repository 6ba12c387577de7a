//! The lamp check's page: six lamps to choose from, and what the chosen one means.

use askama::Template;
use axum::response::Html;
use strum::VariantArray;

use super::{navigation::CheckNavigation, request::CheckRequest};
use crate::{
    checks::{CheckOutcome, Describe, Lamp, LampResult},
    i18n::Label,
    tickets::TicketCategory,
    web::{AppError, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "checks/lamps.html")]
struct LampCheckPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    result: Option<LampResult>,
    /// The form was sent without a lamp.
    is_choice_missing: bool,
    /// The id of the stored result.
    result_id: Option<String>,
}

impl LampCheckPage {
    fn summary(&self, result: &LampResult) -> String {
        self.page.format(&result.summary())
    }

    fn lamp_text(&self, lamp: &Lamp, kind: &str) -> String {
        self.page.t(format!("lamps-{kind}-{}", lamp.into_str())).into_owned()
    }

    fn is_selected(&self, lamp: &Lamp) -> bool {
        self.result.as_ref().is_some_and(|result| result.lamp == *lamp)
    }

    fn report_url(&self, result: &LampResult) -> String {
        self.navigation.report_url(result.lamp.guide_category())
    }
}

pub(super) async fn show(mut request: CheckRequest) -> Result<Html<String>, AppError> {
    let result = request.query.single_line("lamp").parse::<Lamp>().ok().map(|lamp| LampResult { lamp });
    let is_choice_missing = result.is_none() && !request.query.raw("show").is_empty();
    let result_id = match &result {
        Some(result) => request.save(&CheckOutcome::Lamps(result.clone())).await,
        None => None,
    };
    let CheckRequest { page, navigation, .. } = request;
    render_html(&LampCheckPage { page, navigation, result, is_choice_missing, result_id })
}
