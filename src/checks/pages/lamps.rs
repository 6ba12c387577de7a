//! The lamps' page: six to choose from, and what the chosen one means.

use askama::Template;
use axum::response::Html;

use super::{CheckNavigation, CheckRequest};
use crate::{
    checks::{CheckOutcome, Describe, Lamp, LampResult},
    tickets::TicketCategory,
    web::{AppError, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "checks/lamps.html")]
struct LampCheckPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    result: Option<LampResult>,
    /// The button was pressed before a lamp was chosen.
    is_choice_missing: bool,
    /// Under which the result is kept.
    result_id: Option<String>,
}

impl LampCheckPage {
    fn summary(&self, seen: &LampResult) -> String {
        self.page.format(&seen.summary())
    }

    fn lamp_text(&self, lamp: &Lamp, what: &str) -> String {
        self.page.t(&format!("lamps-{what}-{}", lamp.as_str())).into_owned()
    }

    fn is_selected(&self, lamp: &Lamp) -> bool {
        self.result.as_ref().is_some_and(|seen| seen.lamp == *lamp)
    }

    fn report_url(&self, seen: &LampResult) -> String {
        self.navigation.report_url(seen.lamp.guide_category())
    }
}

pub(super) async fn show(mut asking: CheckRequest) -> Result<Html<String>, AppError> {
    let seen = Lamp::from_name(&asking.query.single_line("lamp")).map(|lamp| LampResult { lamp });
    let missing = seen.is_none() && !asking.query.raw("show").is_empty();
    let mut id = None;
    if let Some(seen) = &seen {
        id = asking.save(&CheckOutcome::Lamps(seen.clone())).await;
    }
    let CheckRequest { page, navigation: way, .. } = asking;
    render_html(&LampCheckPage { page, navigation: way, result: seen, is_choice_missing: missing, result_id: id })
}
