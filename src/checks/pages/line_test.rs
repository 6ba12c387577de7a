//! The line test's pages: the test, which needs JavaScript, and the result, which does not.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use line_test::{probe, verdict::LineVerdict};
use strum::VariantArray;
use time::OffsetDateTime;

use super::{
    line_test_chart::{LineTestChart, MosGauge},
    navigation::{CheckNavigation, allow_microphone_header},
    request::CheckRequest,
};
use crate::{
    checks::{ConnectionType, LineTestResult, MetricAssessment, MetricRating, StoredCheckResult, assess_metrics},
    guides::CheckKind,
    i18n::{Label, MessageArg, UiMessage},
    local_time,
    tickets::TicketCategory,
    urls,
    web::{AppError, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "checks/line_test.html")]
struct LineTestPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    /// There is a media port, so that call traffic can be measured and not only WebSocket round trips.
    has_media: bool,
}

impl LineTestPage {
    /// The texts of a countdown at 0, 1, 2 … seconds, for the script.
    fn countdown_texts(&self, id: &str, max_seconds: u32) -> String {
        let texts: Vec<_> = (0..=max_seconds).map(|seconds| self.page.lang.t_with(id, "seconds", seconds)).collect();
        texts.join("|")
    }

    /// The query that the script adds to the result's URL, for the navigation of its page.
    fn result_query(&self) -> String {
        self.navigation.append_to_url("")
    }
}

pub(super) async fn show(CheckRequest { app, page, navigation, .. }: CheckRequest) -> Result<Response, AppError> {
    let body = render_html(&LineTestPage { page, navigation, has_media: app.media_server.is_some() })?;
    Ok((allow_microphone_header(), body).into_response())
}

#[derive(Template)]
#[template(path = "checks/line_test_result.html")]
struct LineTestResultPage<'a> {
    page: PublicLayout,
    navigation: CheckNavigation,
    stored_result: &'a StoredCheckResult,
    line_test_result: &'a LineTestResult,
    gauge: Option<MosGauge>,
    chart: Option<LineTestChart>,
    now: OffsetDateTime,
}

/// A row of the table.
struct LineTestMetricRow {
    name: &'static str,
    value: String,
    limit: String,
    rating: MetricRating,
}

impl LineTestResultPage<'_> {
    fn explanation(&self) -> String {
        self.page.format(&self.line_test_result.explanation())
    }

    fn notes(&self) -> Vec<String> {
        self.line_test_result.notes().iter().map(|note| self.page.format(note)).collect()
    }

    fn advice(&self) -> Vec<String> {
        self.line_test_result.advice().into_iter().map(|id| self.page.t(id).into_owned()).collect()
    }

    fn connection_label(&self) -> String {
        self.line_test_result
            .connection
            .map(|connection| self.page.t(connection.label()).into_owned())
            .unwrap_or_default()
    }

    fn retry_url(&self) -> String {
        self.navigation.append_to_url(&urls::public::check(self.page.lang, CheckKind::LineTest.into_str()))
    }

    /// The MOS with one decimal; empty without one.
    fn format_mos(&self) -> String {
        self.gauge
            .as_ref()
            .map(|gauge| self.page.lang.format_arg(&MessageArg::Decimal1(gauge.mos_tenths)))
            .unwrap_or_default()
    }

    fn rating_label(&self) -> String {
        self.page
            .t(match self.line_test_result.outcome.verdict {
                LineVerdict::Good => "line-test-band-good",
                LineVerdict::Impaired => "line-test-band-fair",
                LineVerdict::BreaksUp => "line-test-band-poor",
                LineVerdict::Impossible | LineVerdict::Blocked | LineVerdict::NotMeasured => "line-test-band-bad",
            })
            .into_owned()
    }

    fn gauge_text(&self, id: &'static str) -> String {
        self.page.format(&UiMessage::new(id).with("word", self.rating_label()).with("mos", self.format_mos()))
    }

    fn chart_description(&self, chart: &LineTestChart) -> String {
        self.page.format(
            &UiMessage::new("line-test-chart-description")
                .with("times", chart.times_text())
                .with("lost", chart.count_seconds_with_loss()),
        )
    }

    /// The legend of slow columns; empty if there are none.
    fn slow_legend(&self, chart: &LineTestChart) -> String {
        if chart.columns.iter().any(|column| column.is_slow) {
            self.page.lang.t_with("line-test-legend-slow", "ms", chart.slow_threshold_ms)
        } else {
            String::new()
        }
    }

    fn metric_rows(&self) -> Vec<LineTestMetricRow> {
        let row = |metric: MetricAssessment| {
            let with_unit = |n| self.page.format(&UiMessage::new(metric.unit).with("n", n));
            let limit = UiMessage::new("line-test-below").with("limit", with_unit(metric.limit.clone()));
            LineTestMetricRow {
                name: metric.name,
                value: with_unit(metric.value.clone()),
                limit: self.page.format(&limit),
                rating: metric.rating,
            }
        };
        assess_metrics(&self.line_test_result.outcome).into_iter().map(row).collect()
    }
}

/// The page of a result.
pub(super) fn show_result(
    page: PublicLayout,
    navigation: CheckNavigation,
    stored_result: &StoredCheckResult,
    line_test_result: &LineTestResult,
    now: OffsetDateTime,
) -> Result<Html<String>, AppError> {
    let outcome = &line_test_result.outcome;
    render_html(&LineTestResultPage {
        page,
        navigation,
        stored_result,
        line_test_result,
        gauge: outcome.quality.as_ref().map(|quality| MosGauge::new(quality.mos)),
        chart: LineTestChart::from_outcome(outcome),
        now,
    })
}
