//! The page of figures, and each of them as a file.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;

use super::{
    chart::AXIS_Y,
    durations::{RESOLUTION_BUCKET_BOUNDS_MINUTES, RESPONSE_BUCKET_BOUNDS_MINUTES, format_duration},
    figures::{Figure, FigureBuilder, FigureId, format_rounded, format_tile},
    guide_outcomes::GuideOutcomes,
    period::{PERIOD_CHOICES_DAYS, StatsPeriod},
    store,
    table::{format_integer, format_percent, share},
    volume::{self, ReportVolume},
};
use crate::{
    app::{App, Now},
    guides::Guides,
    i18n::UiMessage,
    local_time,
    staff::{Staff, StaffLayout},
    web::{AppError, Form, csv, render_html},
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/stats", get(show)).route("/staff/stats/{file}", get(download_csv))
}

#[derive(Template)]
#[template(path = "stats/page.html")]
struct StatsPage {
    frame: StaffLayout,
    period: StatsPeriod,
    tiles: [(String, String, String); 4],
    figures: Vec<Figure>,
}

impl StatsPage {
    fn title(&self) -> String {
        let lang = self.frame.lang();
        match self.period.days {
            1 => lang.format(&local_time::format_long_date(self.period.today())),
            days => lang.t_with("stats-last-days", "count", i64::from(days)),
        }
    }

    fn as_of(&self) -> String {
        self.frame.lang().format(
            &UiMessage::new("stats-as-of").with("moment", local_time::format_short(self.period.now, self.period.now)),
        )
    }

    fn period_links(&self) -> Vec<(String, String, bool)> {
        let choice = |days: u16| {
            let label = match days {
                1 => self.frame.t("stats-today").into_owned(),
                days => self.frame.lang().t_with("time-days", "count", i64::from(days)),
            };
            (format!("/staff/stats?days={days}"), label, days == self.period.days)
        };
        PERIOD_CHOICES_DAYS.into_iter().map(choice).collect()
    }

    fn csv_url(&self, figure: &Figure) -> String {
        format!("/staff/stats/{}.csv?days={}", figure.id.as_str(), self.period.days)
    }

    fn hidden_rows_text(&self, more: &usize) -> String {
        self.frame.lang().t_with("stats-more", "count", *more)
    }

    fn download_label(&self, figure: &Figure) -> String {
        self.frame.lang().t_with("stats-download", "figure", figure.title.as_str())
    }
}

async fn show(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Now(now): Now,
    uri: Uri,
) -> Result<Response, AppError> {
    let frame = StaffLayout::new(&app, &staff, "stats");
    let lang = frame.lang();
    let span = parse_period(&uri, now);
    let make = FigureBuilder { lang, period: span, guides: &guides };
    let mut db = app.db.acquire().await?;
    let arrivals = load_report_volume(&mut db, span).await?;
    let answers = store::load_response_times(&mut db, &span).await?;
    let walks = GuideOutcomes::from_paths(&store::list_guide_paths(&mut db, &span).await?, &guides);
    let open = store::count_open(&mut db).await?;

    let by_now = if span.days == 1 { "stats-baseline-by-now" } else { "stats-baseline-period" };
    let usual =
        arrivals.baseline_until_now().map(|usual| UiMessage::new(by_now).with("count", format_rounded(lang, usual)));
    let ended = walks.total();
    let of_walks = UiMessage::new("stats-of-guide-runs")
        .with("part", format_integer(ended.ended_without_report, lang))
        .with("whole", format_integer(ended.opened, lang));
    let without = share(ended.ended_without_report, ended.opened);
    let most =
        answers.p90_seconds.map(|most| UiMessage::new("stats-90th-percentile").with("duration", format_duration(most)));
    let nobodys = UiMessage::new("stats-of-which-unassigned").with("count", format_integer(open.unassigned, lang));
    let tiles = [
        format_tile(lang, "stats-reports", Some(format_integer(arrivals.total(), lang)), usual),
        format_tile(
            lang,
            "stats-guides-without-report",
            without.map(|share| format_percent(share, lang)),
            without.and(Some(of_walks)),
        ),
        format_tile(
            lang,
            "stats-answer-median",
            answers.median_seconds.map(|median| lang.format(&format_duration(median))),
            most,
        ),
        format_tile(lang, "stats-open-now", Some(format_integer(open.total, lang)), Some(nobodys)),
    ];
    let mut figures = vec![make.volume_by_hour(&arrivals)];
    if span.days > 1 {
        figures.push(make.volume_by_day(&arrivals));
    }
    figures.push(make.duration_figure(FigureId::ResponseTimes, &RESPONSE_BUCKET_BOUNDS_MINUTES, &answers));
    for name in [
        FigureId::ResolutionTimes,
        FigureId::Categories,
        FigureId::SipCodes,
        FigureId::Symptoms,
        FigureId::CalledPrefixes,
    ] {
        figures.push(load_figure(name, &make, &mut db).await?);
    }
    figures.push(make.guide_outcomes(&walks));
    figures.push(make.step_outcomes(&walks));
    figures.push(load_figure(FigureId::LongestWaiting, &make, &mut db).await?);
    drop(db);
    Ok(render_html(&StatsPage { frame, period: span, tiles, figures })?.into_response())
}

async fn download_csv(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Now(now): Now,
    Path(file): Path<String>,
    uri: Uri,
) -> Result<Response, AppError> {
    let name =
        file.strip_suffix(".csv").and_then(|name| FigureId::ALL.into_iter().find(|known| known.as_str() == name));
    let name = name.ok_or(AppError::NotFound)?;
    let span = parse_period(&uri, now);
    let make = FigureBuilder { lang: staff.lang, period: span, guides: &guides };
    let figure = load_figure(name, &make, &mut *app.db.acquire().await?).await?;
    Ok(csv::csv_download(figure.table.to_csv(), name.as_str(), now))
}

fn parse_period(uri: &Uri, now: time::OffsetDateTime) -> StatsPeriod {
    let form = Form::parse(uri.query().unwrap_or_default().as_bytes());
    StatsPeriod::parse(form.raw("days"), now)
}

/// Reads one figure.
async fn load_figure(name: FigureId, make: &FigureBuilder<'_>, db: &mut PgConnection) -> Result<Figure, sqlx::Error> {
    let span = &make.period;
    Ok(match name {
        FigureId::VolumeByHour => make.volume_by_hour(&load_report_volume(db, *span).await?),
        FigureId::VolumeByDay => make.volume_by_day(&load_report_volume(db, *span).await?),
        FigureId::ResponseTimes => {
            make.duration_figure(name, &RESPONSE_BUCKET_BOUNDS_MINUTES, &store::load_response_times(db, span).await?)
        }
        FigureId::ResolutionTimes => make.duration_figure(
            name,
            &RESOLUTION_BUCKET_BOUNDS_MINUTES,
            &store::load_resolution_times(db, span).await?,
        ),
        FigureId::Categories => make.categories(&store::count_by_category(db, span).await?),
        FigureId::SipCodes => make.sip_codes(&store::count_by_sip_code(db, span).await?),
        FigureId::Symptoms => make.symptoms(&store::count_by_symptom(db, span).await?),
        FigureId::CalledPrefixes => make.called_prefixes(&store::count_by_called_prefix(db, span).await?),
        FigureId::GuideOutcomes => {
            make.guide_outcomes(&GuideOutcomes::from_paths(&store::list_guide_paths(db, span).await?, make.guides))
        }
        FigureId::StepOutcomes => {
            make.step_outcomes(&GuideOutcomes::from_paths(&store::list_guide_paths(db, span).await?, make.guides))
        }
        FigureId::LongestWaiting => make.longest_waiting(&store::list_longest_waiting(db).await?),
    })
}

async fn load_report_volume(db: &mut PgConnection, span: StatsPeriod) -> Result<ReportVolume, sqlx::Error> {
    let hours = store::list_hourly_reports(db, volume::counted_from(&span), &span).await?;
    let first = hours.iter().find_map(|hour| hour.first_report_at).map(|first| local_time::to_local(first).date());
    let counts: HashMap<_, _> = hours.into_iter().map(|hour| (hour.starts_at, hour.reports)).collect();
    Ok(ReportVolume::new(span, &counts, first))
}
