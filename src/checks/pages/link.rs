//! The line test's pages: the one that measures, which needs a script, and the one with the result, which needs none.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use linktest::{probe, verdict::Verdict};
use time::OffsetDateTime;

use super::{
    Asking, Way,
    link_chart::{Chart, Dial},
    microphone_allowed,
};
use crate::{
    checks::{Connection, Kept, LinkTested, tenths, whole},
    tickets::Category,
    web::{Error, Page, html},
    words::{Arg, Say},
    zone,
};

#[derive(Template)]
#[template(path = "checks/link.html")]
struct LinkPage {
    page: Page,
    way: Way,
    /// Call traffic can be measured, not only the delay of pages.
    has_media: bool,
}

impl LinkPage {
    /// What a countdown says at 0, 1, 2 … seconds, for the script.
    fn left(&self, id: &str, most: u32) -> String {
        let said: Vec<_> = (0..=most).map(|seconds| self.page.lang.t1(id, "seconds", seconds)).collect();
        said.join("|")
    }

    /// What the script hands on with a result, so that its page knows the way.
    fn query(&self) -> String {
        self.way.onward("")
    }
}

pub(super) async fn show(Asking { app, page, way, .. }: Asking) -> Result<Response, Error> {
    let body = html(&LinkPage { page, way, has_media: app.media.is_some() })?;
    Ok((microphone_allowed(), body).into_response())
}

#[derive(Template)]
#[template(path = "checks/link_result.html")]
struct ResultPage<'a> {
    page: Page,
    way: Way,
    kept: &'a Kept,
    tested: &'a LinkTested,
    dial: Option<Dial>,
    chart: Option<Chart>,
    now: OffsetDateTime,
}

/// A line of the table: what it is, what came out, what would be good, and whether it is.
struct Number {
    name: &'static str,
    value: String,
    limit: String,
    is_good: bool,
}

impl ResultPage<'_> {
    fn why(&self) -> String {
        self.page.say(&self.tested.why())
    }

    fn notes(&self) -> Vec<String> {
        self.tested.notes().iter().map(|note| self.page.say(note)).collect()
    }

    fn advice(&self) -> Vec<String> {
        self.tested.advice().into_iter().map(|id| self.page.t(id).into_owned()).collect()
    }

    fn how(&self) -> String {
        self.tested.connection.map(|how| self.page.t(how.label()).into_owned()).unwrap_or_default()
    }

    fn again(&self) -> String {
        self.way.onward(&format!("/{}/check/link", self.page.lang))
    }

    /// The mark that the table of this visit's tests shows.
    fn mos(&self) -> String {
        self.dial.as_ref().map(|dial| self.page.lang.arg(&Arg::Tenths(dial.mos))).unwrap_or_default()
    }

    fn word(&self) -> String {
        self.page
            .t(match self.tested.outcome.verdict {
                Verdict::Good => "link-band-good",
                Verdict::Heard => "link-band-heard",
                Verdict::BreaksUp => "link-band-breaks-up",
                Verdict::Impossible | Verdict::Blocked | Verdict::NotMeasured => "link-band-impossible",
            })
            .into_owned()
    }

    fn said(&self, id: &'static str) -> String {
        self.page.say(&Say::new(id).with("word", self.word()).with("mos", self.mos()))
    }

    fn chart_said(&self, chart: &Chart) -> String {
        self.page.say(&Say::new("link-chart-said").with("times", chart.times()).with("lost", chart.seconds_with_loss()))
    }

    /// What a slow column means, where there is one.
    fn slow(&self, chart: &Chart) -> String {
        let is_any = chart.columns.iter().any(|column| column.is_slow);
        if is_any { self.page.lang.t1("link-key-slow", "ms", chart.slow_ms) } else { String::new() }
    }

    fn numbers(&self) -> Vec<Number> {
        let outcome = &self.tested.outcome;
        let mut numbers = Vec::new();
        let mut add = |name, unit: &'static str, value: Arg, limit: Arg, is_good| {
            let said = |n: Arg| self.page.say(&Say::new(unit).with("n", n));
            let limit = self.page.say(&Say::new("link-below").with("limit", said(limit)));
            numbers.push(Number { name, value: said(value), limit, is_good });
        };
        let ms = |value: f64| Arg::Number(whole(value));
        let share = |value: f64| Arg::Tenths(tenths(value));
        if let Some(trip) = &outcome.trip {
            let one_way = trip.p50_ms / 2.0;
            add("link-num-delay", "link-unit-ms", ms(one_way), ms(150.0), one_way < 150.0);
        }
        if let (Some(up), Some(down)) = (&outcome.up, &outcome.down) {
            for (name, of) in [("link-num-jitter-up", up), ("link-num-jitter-down", down)] {
                add(name, "link-unit-ms", ms(of.jitter_ms), ms(30.0), of.jitter_ms < 30.0);
            }
            for (name, value) in [
                ("link-num-lost-up", up.lost_percent),
                ("link-num-lost-down", down.lost_percent),
                ("link-num-late-up", up.late_percent),
                ("link-num-late-down", down.late_percent),
            ] {
                add(name, "link-unit-percent", share(value), share(1.0), value < 1.0);
            }
            let gap = up.gap_ms.max(down.gap_ms) / 1000.0;
            add("link-num-gap", "link-unit-s", share(gap), share(0.2), gap < 0.2);
        }
        if let Some(web) = &outcome.web {
            add("link-num-web", "link-unit-ms", ms(web.p50_ms), ms(300.0), web.p50_ms < 300.0);
        }
        numbers
    }
}

/// The page of a result.
pub(super) fn result(
    page: Page,
    way: Way,
    kept: &Kept,
    tested: &LinkTested,
    now: OffsetDateTime,
) -> Result<Html<String>, Error> {
    let dial = tested.outcome.quality.as_ref().map(|quality| Dial::new(quality.mos));
    let chart = Chart::of(&tested.outcome);
    html(&ResultPage { page, way, kept, tested, dial, chart, now })
}
