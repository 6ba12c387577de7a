//! One result again, for those who kept its address.

use std::sync::Arc;

use super::{CheckNavigation, line_test};
use crate::{
    app::{App, Now},
    checks::{self, CheckOutcome, StoredCheckResult},
    guides::{CheckIds, Guides},
    i18n::UiMessage,
    local_time,
    tickets::TicketCategory,
    web::{AppError, Form, PublicLayout, render_html},
};
use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::Uri,
    response::Html,
};
use time::OffsetDateTime;

#[derive(Template)]
#[template(path = "checks/result.html")]
struct CheckResultPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    stored_result: StoredCheckResult,
    now: OffsetDateTime,
}

impl CheckResultPage {
    /// What to do, of what was said with the finding once.
    fn advice(&self) -> Option<UiMessage> {
        match &self.stored_result.outcome {
            CheckOutcome::Sound(checked) => checked.advice(),
            CheckOutcome::LineTest(_)
            | CheckOutcome::Lamps(_)
            | CheckOutcome::Address(_)
            | CheckOutcome::Message(_)
            | CheckOutcome::Number(_) => None,
        }
    }

    /// The form, with the problem that the finding points to.
    fn report_url(&self) -> String {
        self.navigation.report_url(match &self.stored_result.outcome {
            CheckOutcome::Sound(_) | CheckOutcome::LineTest(_) => Some(TicketCategory::Audio),
            CheckOutcome::Lamps(seen) => seen.lamp.guide_category(),
            CheckOutcome::Address(_) => Some(TicketCategory::LoggedOut),
            CheckOutcome::Message(_) | CheckOutcome::Number(_) => None,
        })
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Now(now): Now,
    Extension(guides): Extension<Arc<Guides>>,
    uri: Uri,
    page: PublicLayout,
) -> Result<Html<String>, AppError> {
    let carried = CheckIds::parse(&id);
    if carried.is_empty() {
        return Err(AppError::NotFound);
    }
    let kept = checks::find_by_ids(&mut *app.db.acquire().await?, carried.ids(), now)
        .await?
        .pop()
        .ok_or(AppError::NotFound)?;
    let mut way =
        CheckNavigation::from_query(&Form::parse(uri.query().unwrap_or_default().as_bytes()), &guides, page.lang);
    way.check_ids.add(&kept.id);
    match &kept.outcome {
        CheckOutcome::LineTest(tested) => line_test::show_result(page, way, &kept, tested, now),
        CheckOutcome::Lamps(_)
        | CheckOutcome::Message(_)
        | CheckOutcome::Number(_)
        | CheckOutcome::Sound(_)
        | CheckOutcome::Address(_) => render_html(&CheckResultPage { page, navigation: way, stored_result: kept, now }),
    }
}
