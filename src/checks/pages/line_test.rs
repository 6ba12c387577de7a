//! The line test's pages: the one that measures, which needs a script, and the one with the result, which needs none.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use line_test::{probe, verdict::LineVerdict};
use time::OffsetDateTime;

use super::{
    CheckNavigation, CheckRequest, allow_microphone_header,
    line_test_chart::{LineTestChart, MosGauge},
};
use crate::{
    checks::{ConnectionType, LineTestResult, StoredCheckResult, round_to_integer, round_to_tenths},
    i18n::{MessageArg, UiMessage},
    local_time,
    tickets::TicketCategory,
    web::{AppError, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "checks/line_test.html")]
struct LineTestPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    /// Call traffic can be measured, not only the delay of pages.
    has_media: bool,
}

impl LineTestPage {
    /// What a countdown says at 0, 1, 2 … seconds, for the script.
    fn countdown_texts(&self, id: &str, most: u32) -> String {
        let said: Vec<_> = (0..=most).map(|seconds| self.page.lang.t_with(id, "seconds", seconds)).collect();
        said.join("|")
    }

    /// What the script hands on with a result, so that its page knows the way.
    fn result_query(&self) -> String {
        self.navigation.append_to_url("")
    }
}

pub(super) async fn show(CheckRequest { app, page, navigation: way, .. }: CheckRequest) -> Result<Response, AppError> {
    let body = render_html(&LineTestPage { page, navigation: way, has_media: app.media_server.is_some() })?;
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

/// A line of the table: what it is, what came out, what would be good, and whether it is.
struct LineTestMetricRow {
    name: &'static str,
    value: String,
    limit: String,
    is_good: bool,
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
        self.line_test_result.connection.map(|how| self.page.t(how.label()).into_owned()).unwrap_or_default()
    }

    fn retry_url(&self) -> String {
        self.navigation.append_to_url(&format!("/{}/check/link", self.page.lang))
    }

    /// The mark that the table of this visit's tests shows.
    fn format_mos(&self) -> String {
        self.gauge
            .as_ref()
            .map(|dial| self.page.lang.format_arg(&MessageArg::Decimal1(dial.mos_tenths)))
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

    /// What a slow column means, where there is one.
    fn slow_legend(&self, chart: &LineTestChart) -> String {
        let is_any = chart.columns.iter().any(|column| column.is_slow);
        if is_any {
            self.page.lang.t_with("line-test-legend-slow", "ms", chart.slow_threshold_ms)
        } else {
            String::new()
        }
    }

    fn metric_rows(&self) -> Vec<LineTestMetricRow> {
        let outcome = &self.line_test_result.outcome;
        let mut numbers = Vec::new();
        let mut add = |name, unit: &'static str, value: MessageArg, limit: MessageArg, is_good| {
            let said = |n: MessageArg| self.page.format(&UiMessage::new(unit).with("n", n));
            let limit = self.page.format(&UiMessage::new("line-test-below").with("limit", said(limit)));
            numbers.push(LineTestMetricRow { name, value: said(value), limit, is_good });
        };
        let ms = |value: f64| MessageArg::Number(round_to_integer(value));
        let share = |value: f64| MessageArg::Decimal1(round_to_tenths(value));
        if let Some(trip) = &outcome.round_trip {
            let one_way = trip.p50_ms / 2.0;
            add("line-test-figure-delay", "line-test-unit-ms", ms(one_way), ms(150.0), one_way < 150.0);
        }
        if let (Some(up), Some(down)) = (&outcome.up, &outcome.down) {
            for (name, of) in [("line-test-figure-jitter-up", up), ("line-test-figure-jitter-down", down)] {
                add(name, "line-test-unit-ms", ms(of.jitter_ms), ms(30.0), of.jitter_ms < 30.0);
            }
            for (name, value) in [
                ("line-test-figure-lost-up", up.lost_percent),
                ("line-test-figure-lost-down", down.lost_percent),
                ("line-test-figure-late-up", up.late_percent),
                ("line-test-figure-late-down", down.late_percent),
            ] {
                add(name, "line-test-unit-percent", share(value), share(1.0), value < 1.0);
            }
            let gap = up.longest_gap_ms.max(down.longest_gap_ms) / 1000.0;
            add("line-test-figure-gap", "line-test-unit-s", share(gap), share(0.2), gap < 0.2);
        }
        if let Some(web) = &outcome.websocket_round_trip {
            add("line-test-figure-websocket", "line-test-unit-ms", ms(web.p50_ms), ms(300.0), web.p50_ms < 300.0);
        }
        numbers
    }
}

/// The page of a result.
pub(super) fn show_result(
    page: PublicLayout,
    way: CheckNavigation,
    kept: &StoredCheckResult,
    tested: &LineTestResult,
    now: OffsetDateTime,
) -> Result<Html<String>, AppError> {
    let dial = tested.outcome.quality.as_ref().map(|quality| MosGauge::new(quality.mos));
    let chart = LineTestChart::from_outcome(&tested.outcome);
    render_html(&LineTestResultPage {
        page,
        navigation: way,
        stored_result: kept,
        line_test_result: tested,
        gauge: dial,
        chart,
        now,
    })
}
