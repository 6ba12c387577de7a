//! The page of a stored result.

use askama::Template;
use axum::{extract::Path, response::Html};
use time::OffsetDateTime;

use super::{line_test, navigation::CheckNavigation, request::CheckRequest};
use crate::{
    checks::{self, CheckOutcome, StoredCheckResult},
    guides::CheckIds,
    i18n::UiMessage,
    local_time,
    tickets::TicketCategory,
    web::{AppError, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "checks/result.html")]
struct CheckResultPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    stored_result: StoredCheckResult,
    now: OffsetDateTime,
}

impl CheckResultPage {
    /// The advice, for results that have one beside the summary.
    fn advice(&self) -> Option<UiMessage> {
        match &self.stored_result.outcome {
            CheckOutcome::Sound(result) => result.advice(),
            CheckOutcome::LineTest(_)
            | CheckOutcome::Lamps(_)
            | CheckOutcome::Address(_)
            | CheckOutcome::Message(_)
            | CheckOutcome::Number(_) => None,
        }
    }

    /// The report form in the category that the result points to.
    fn report_url(&self) -> String {
        self.navigation.report_url(match &self.stored_result.outcome {
            CheckOutcome::Sound(_) | CheckOutcome::LineTest(_) => Some(TicketCategory::Audio),
            CheckOutcome::Lamps(result) => result.lamp.guide_category(),
            CheckOutcome::Address(_) => Some(TicketCategory::LoggedOut),
            CheckOutcome::Message(_) | CheckOutcome::Number(_) => None,
        })
    }
}

pub(super) async fn show(
    request: CheckRequest,
    Path((_, id)): Path<(String, String)>,
) -> Result<Html<String>, AppError> {
    let CheckRequest { app, page, now, mut navigation, .. } = request;
    let ids = CheckIds::parse(&id);
    if ids.is_empty() {
        return Err(AppError::NotFound);
    }
    let stored_result =
        checks::find_by_ids(&mut *app.db.acquire().await?, ids.ids(), now).await?.pop().ok_or(AppError::NotFound)?;
    navigation.check_ids.add(&stored_result.id);
    match &stored_result.outcome {
        CheckOutcome::LineTest(result) => line_test::show_result(page, navigation, &stored_result, result, now),
        CheckOutcome::Lamps(_)
        | CheckOutcome::Message(_)
        | CheckOutcome::Number(_)
        | CheckOutcome::Sound(_)
        | CheckOutcome::Address(_) => render_html(&CheckResultPage { page, navigation, stored_result, now }),
    }
}
