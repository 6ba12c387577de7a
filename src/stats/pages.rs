//! The statistics page, and each of its figures as a CSV file.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
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
    app::Now,
    guides::GuidesState,
    i18n::UiMessage,
    local_time,
    staff::{Staff, StaffLayout},
    urls,
    web::{AppError, QueryForm, csv, render_html},
};

pub fn routes() -> Router<GuidesState> {
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
            (urls::with_query(urls::staff::STATS, &[("days", &days.to_string())]), label, days == self.period.days)
        };
        PERIOD_CHOICES_DAYS.into_iter().map(choice).collect()
    }

    fn csv_url(&self, figure: &Figure) -> String {
        urls::with_query(&urls::staff::stats_csv(figure.id.into_str()), &[("days", &self.period.days.to_string())])
    }

    fn hidden_rows_text(&self, count: &usize) -> String {
        self.frame.lang().t_with("stats-more", "count", *count)
    }

    fn download_label(&self, figure: &Figure) -> String {
        self.frame.lang().t_with("stats-download", "figure", figure.title.as_str())
    }
}

async fn show(
    State(GuidesState { app, guides }): State<GuidesState>,
    staff: Staff,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let frame = StaffLayout::new(&app, &staff, "stats");
    let lang = frame.lang();
    let period = StatsPeriod::parse(query.raw("days"), now);
    let builder = FigureBuilder { lang, period, guides: &guides };
    let mut db = app.db.acquire().await?;
    let volume = load_report_volume(&mut db, period).await?;
    let response_times = store::load_response_times(&mut db, &period).await?;
    let outcomes = GuideOutcomes::from_paths(&store::list_guide_paths(&mut db, &period).await?, &guides);
    let open = store::count_open(&mut db).await?;

    let baseline_id = if period.days == 1 { "stats-baseline-by-now" } else { "stats-baseline-period" };
    let baseline = volume.baseline_until_now();
    let baseline = baseline.map(|count| UiMessage::new(baseline_id).with("count", format_rounded(lang, count)));
    let runs = outcomes.total();
    let share_without_report = share(runs.ended_without_report, runs.opened);
    let runs_without_report = UiMessage::new("stats-of-guide-runs")
        .with("part", format_integer(runs.ended_without_report, lang))
        .with("whole", format_integer(runs.opened, lang));
    let p90 = response_times.p90_seconds.map(format_duration);
    let p90 = p90.map(|duration| UiMessage::new("stats-90th-percentile").with("duration", duration));
    let unassigned = UiMessage::new("stats-of-which-unassigned").with("count", format_integer(open.unassigned, lang));
    let tiles = [
        format_tile(lang, "stats-reports", Some(format_integer(volume.total(), lang)), baseline),
        format_tile(
            lang,
            "stats-guides-without-report",
            share_without_report.map(|share| format_percent(share, lang)),
            share_without_report.and(Some(runs_without_report)),
        ),
        format_tile(
            lang,
            "stats-answer-median",
            response_times.median_seconds.map(|median| lang.format(&format_duration(median))),
            p90,
        ),
        format_tile(lang, "stats-open-now", Some(format_integer(open.total, lang)), Some(unassigned)),
    ];
    let mut figures = vec![builder.volume_by_hour(&volume)];
    if period.days > 1 {
        figures.push(builder.volume_by_day(&volume));
    }
    figures.push(builder.duration_figure(FigureId::ResponseTimes, &RESPONSE_BUCKET_BOUNDS_MINUTES, &response_times));
    for id in [
        FigureId::ResolutionTimes,
        FigureId::Categories,
        FigureId::SipCodes,
        FigureId::Symptoms,
        FigureId::CalledPrefixes,
    ] {
        figures.push(load_figure(id, &builder, &mut db).await?);
    }
    figures.push(builder.guide_outcomes(&outcomes));
    figures.push(builder.step_outcomes(&outcomes));
    figures.push(load_figure(FigureId::LongestWaiting, &builder, &mut db).await?);
    drop(db);
    Ok(render_html(&StatsPage { frame, period, tiles, figures })?.into_response())
}

async fn download_csv(
    State(GuidesState { app, guides }): State<GuidesState>,
    staff: Staff,
    Now(now): Now,
    Path(file): Path<String>,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let id = file.strip_suffix(".csv").and_then(|name| name.parse().ok());
    let id: FigureId = id.ok_or(AppError::NotFound)?;
    let builder =
        FigureBuilder { lang: staff.lang, period: StatsPeriod::parse(query.raw("days"), now), guides: &guides };
    let figure = load_figure(id, &builder, &mut *app.db.acquire().await?).await?;
    Ok(csv::csv_download(figure.table.to_csv(), id.into_str(), now))
}

async fn load_figure(id: FigureId, builder: &FigureBuilder<'_>, db: &mut PgConnection) -> Result<Figure, sqlx::Error> {
    let period = &builder.period;
    Ok(match id {
        FigureId::VolumeByHour => builder.volume_by_hour(&load_report_volume(db, *period).await?),
        FigureId::VolumeByDay => builder.volume_by_day(&load_report_volume(db, *period).await?),
        FigureId::ResponseTimes => {
            builder.duration_figure(id, &RESPONSE_BUCKET_BOUNDS_MINUTES, &store::load_response_times(db, period).await?)
        }
        FigureId::ResolutionTimes => builder.duration_figure(
            id,
            &RESOLUTION_BUCKET_BOUNDS_MINUTES,
            &store::load_resolution_times(db, period).await?,
        ),
        FigureId::Categories => builder.categories(&store::count_by_category(db, period).await?),
        FigureId::SipCodes => builder.sip_codes(&store::count_by_sip_code(db, period).await?),
        FigureId::Symptoms => builder.symptoms(&store::count_by_symptom(db, period).await?),
        FigureId::CalledPrefixes => builder.called_prefixes(&store::count_by_called_prefix(db, period).await?),
        FigureId::GuideOutcomes => builder
            .guide_outcomes(&GuideOutcomes::from_paths(&store::list_guide_paths(db, period).await?, builder.guides)),
        FigureId::StepOutcomes => builder
            .step_outcomes(&GuideOutcomes::from_paths(&store::list_guide_paths(db, period).await?, builder.guides)),
        FigureId::LongestWaiting => builder.longest_waiting(&store::list_longest_waiting(db).await?),
    })
}

async fn load_report_volume(db: &mut PgConnection, period: StatsPeriod) -> Result<ReportVolume, sqlx::Error> {
    let hours = store::list_hourly_reports(db, volume::counted_from(&period), &period).await?;
    let first_report = hours.iter().find_map(|hour| hour.first_report_at);
    let first_report_date = first_report.map(|at| local_time::to_local(at).date());
    let counts: HashMap<_, _> = hours.into_iter().map(|hour| (hour.starts_at, hour.reports)).collect();
    Ok(ReportVolume::new(period, &counts, first_report_date))
}
