//! The figures of the statistics page, each with a title, a table and an optional chart.

use strum::{EnumString, IntoStaticStr, VariantArray};
use time::Date;

use super::{
    chart::{ChartPoint, ColumnChart},
    durations::{DurationStats, bucket_label, format_duration},
    guide_outcomes::{GuideOutcomes, OutcomeCounts},
    period::StatsPeriod,
    store::{GroupCount, WaitingTicket},
    table::{
        FigureCell, FigureRow, FigureTable, average_cell, count_cell, format_integer, optional_count_cell, text_cell,
    },
    volume::{ReportVolume, VolumePoint},
};
use crate::{
    causes::sip_code_label,
    guides::Guides,
    i18n::{Label, Lang, UiMessage},
    local_time,
    phone::{NumberRegion, find_region},
    tickets::{AudioSymptom, TicketCategory},
    urls,
};

/// Rows of a long table on the page. The CSV file has all rows.
const MAX_TABLE_ROWS: usize = 10;

/// All figures, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub(crate) enum FigureId {
    #[strum(serialize = "hours")]
    VolumeByHour,
    #[strum(serialize = "days")]
    VolumeByDay,
    #[strum(serialize = "answers")]
    ResponseTimes,
    #[strum(serialize = "resolutions")]
    ResolutionTimes,
    Categories,
    #[strum(serialize = "codes")]
    SipCodes,
    Symptoms,
    #[strum(serialize = "prefixes")]
    CalledPrefixes,
    #[strum(serialize = "guides")]
    GuideOutcomes,
    #[strum(serialize = "steps")]
    StepOutcomes,
    #[strum(serialize = "waiting")]
    LongestWaiting,
}

pub(crate) struct Figure {
    pub id: FigureId,
    pub title: String,
    /// The meaning of the baseline, or the percentiles.
    pub subtitle: Option<String>,
    /// A remark below the figure.
    pub note: Option<String>,
    /// The chart with its text alternative. Without a chart, the table has bars.
    pub chart: Option<(ColumnChart, String)>,
    pub table: FigureTable,
    pub is_empty: bool,
}

/// Builds figures in one language.
pub(crate) struct FigureBuilder<'a> {
    pub lang: Lang,
    pub period: StatsPeriod,
    pub guides: &'a Guides,
}

impl FigureId {
    const fn title_key(self) -> &'static str {
        match self {
            FigureId::VolumeByHour => "stats-hours",
            FigureId::VolumeByDay => "stats-days",
            FigureId::ResponseTimes => "stats-answers",
            FigureId::ResolutionTimes => "stats-resolutions",
            FigureId::Categories => "stats-categories",
            FigureId::SipCodes => "stats-codes",
            FigureId::Symptoms => "stats-symptoms",
            FigureId::CalledPrefixes => "stats-prefixes",
            FigureId::GuideOutcomes => "stats-guides",
            FigureId::StepOutcomes => "stats-steps",
            FigureId::LongestWaiting => "stats-waiting",
        }
    }
}

impl FigureBuilder<'_> {
    fn t(&self, id: impl AsRef<str>) -> String {
        self.lang.t(id).into_owned()
    }

    fn new_figure(&self, id: FigureId, headings: &[&str], rows: Vec<FigureRow>) -> Figure {
        let table = FigureTable { headings: headings.iter().map(|heading| self.t(heading)).collect(), rows };
        let is_empty = table.rows.is_empty();
        Figure { id, title: self.t(id.title_key()), subtitle: None, note: None, chart: None, table, is_empty }
    }

    pub(crate) fn volume_by_hour(&self, volume: &ReportVolume) -> Figure {
        let labels = |hour: &VolumePoint<u8>| (hour.bucket.to_string(), format!("{}:00", hour.bucket));
        self.volume_figure(FigureId::VolumeByHour, "stats-hour", &volume.by_hour(), labels)
    }

    pub(crate) fn volume_by_day(&self, volume: &ReportVolume) -> Figure {
        let labels = |day: &VolumePoint<Date>| {
            let weekday = i64::from(day.bucket.weekday().number_from_monday());
            let (day_of_month, month) = (day.bucket.day(), u8::from(day.bucket.month()));
            let short = UiMessage::new("stats-day-short")
                .with("weekday", weekday)
                .with("date", format!("{day_of_month}.{month:02}"));
            let label = if self.period.days > 7 { day_of_month.to_string() } else { self.lang.format(&short) };
            (label, self.lang.format(&short))
        };
        self.volume_figure(FigureId::VolumeByDay, "stats-day", &volume.by_day(), labels)
    }

    /// `labels` returns the label below the column and the one in the table.
    fn volume_figure<T>(
        &self,
        id: FigureId,
        heading: &str,
        points: &[VolumePoint<T>],
        labels: impl Fn(&VolumePoint<T>) -> (String, String),
    ) -> Figure {
        let rows = points.iter().map(|point| {
            FigureRow::new(
                labels(point).1,
                vec![optional_count_cell(point.reports, self.lang), average_cell(point.baseline, self.lang)],
            )
        });
        let mut figure = self.new_figure(id, &[heading, "stats-reports", "stats-baseline"], rows.collect());
        let chart_points = points.iter().map(|point| ChartPoint {
            label: labels(point).0,
            value: point.reports,
            baseline: point.baseline,
            is_highlighted: false,
        });
        let chart = ColumnChart::new(chart_points.collect());
        if chart.has_baseline() {
            let note = if self.period.days == 1 { "stats-baseline-note-weekday" } else { "stats-baseline-note-days" };
            let weekday = i64::from(self.period.today().weekday().number_from_monday());
            figure.subtitle = Some(self.lang.format(&UiMessage::new(note).with("weekday", weekday)));
        }
        let total: i64 = points.iter().filter_map(|point| point.reports).sum();
        let peak = points.iter().filter(|point| point.reports > Some(0)).max_by_key(|point| point.reports);
        let summary = match peak {
            Some(peak) => UiMessage::new("stats-volume-summary")
                .with("count", total)
                .with("when", labels(peak).1)
                .with("most", peak.reports.unwrap_or_default()),
            None => UiMessage::new("stats-volume-summary-none"),
        };
        let highlighted = chart.columns.iter().zip(points).filter(|(column, _)| column.is_highlighted);
        let highlighted: Vec<_> = highlighted.map(|(_, point)| labels(point).1).collect();
        if !highlighted.is_empty() {
            figure.note = Some(self.lang.t_with("stats-above-baseline", "when", highlighted.join(", ")));
        }
        figure.chart = Some((chart, self.lang.format(&summary)));
        figure
    }

    /// `bounds` are the buckets' upper bounds in minutes. The last bucket is highlighted.
    pub(crate) fn duration_figure(&self, id: FigureId, bounds: &[i32], durations: &DurationStats) -> Figure {
        let buckets = durations.bucket_counts.iter().enumerate();
        let buckets: Vec<_> =
            buckets.map(|(bucket, count)| (self.lang.format(&bucket_label(bounds, bucket)), *count)).collect();
        let total: i64 = durations.bucket_counts.iter().sum();
        let rows = buckets.iter().map(|(label, count)| {
            FigureRow::new(label.as_str(), vec![count_cell(*count, self.lang)]).with_share(*count, total, self.lang)
        });
        let mut figure = self.new_figure(id, &["stats-duration", "stats-reports", "stats-share"], rows.collect());
        let last = buckets.len().saturating_sub(1);
        let points = buckets.iter().enumerate().map(|(bucket, (label, count))| ChartPoint {
            label: label.clone(),
            value: Some(*count),
            baseline: None,
            is_highlighted: bucket == last,
        });
        let summary = buckets.iter().map(|(label, count)| format!("{label}: {count}")).collect::<Vec<_>>().join(", ");
        figure.chart = Some((ColumnChart::new(points.collect()), summary));
        figure.subtitle = durations.median_seconds.zip(durations.p90_seconds).map(|(median, p90)| {
            let percentiles = UiMessage::new("stats-percentiles")
                .with("median", format_duration(median))
                .with("most", format_duration(p90));
            self.lang.format(&percentiles)
        });
        let pending = match id {
            FigureId::ResponseTimes => "stats-still-unanswered",
            _ => "stats-still-unresolved",
        };
        figure.note =
            (durations.pending_count > 0).then(|| self.lang.t_with(pending, "count", durations.pending_count));
        figure.is_empty = total == 0 && durations.pending_count == 0;
        figure
    }

    pub(crate) fn categories(&self, counts: &[GroupCount<TicketCategory>]) -> Figure {
        let label = |category: TicketCategory| (self.t(category.label()), Vec::new());
        self.group_count_figure(FigureId::Categories, &["stats-category"], counts, label, None)
    }

    pub(crate) fn symptoms(&self, counts: &[GroupCount<AudioSymptom>]) -> Figure {
        let label = |symptom: AudioSymptom| (self.t(symptom.label()), Vec::new());
        self.group_count_figure(FigureId::Symptoms, &["stats-symptom"], counts, label, None)
    }

    pub(crate) fn sip_codes(&self, counts: &[GroupCount<i16>]) -> Figure {
        let label = |code: i16| {
            let meaning = sip_code_label(code).map_or(String::new(), |meaning| self.t(meaning));
            (code.to_string(), vec![text_cell(meaning)])
        };
        let none = (self.t("stats-no-code"), vec![text_cell("")]);
        self.group_count_figure(FigureId::SipCodes, &["stats-code", "stats-meaning"], counts, label, Some(none))
    }

    pub(crate) fn called_prefixes(&self, counts: &[GroupCount<String>]) -> Figure {
        // several prefixes may be one region: mobile numbers, and countries with a short code
        let mut regions: Vec<(Option<NumberRegion>, i64)> = Vec::new();
        for count in counts {
            let region = count.key.as_deref().and_then(find_region);
            match regions.iter_mut().find(|(other, _)| *other == region) {
                Some((_, reports)) => *reports += count.reports,
                None => regions.push((region, count.reports)),
            }
        }
        regions.sort_by_key(|(_, reports)| std::cmp::Reverse(*reports));
        let counts: Vec<_> = regions.into_iter().map(|(key, reports)| GroupCount { key, reports }).collect();
        // the name is lower case, for use in the middle of a sentence
        let label =
            |region: NumberRegion| (capitalize(&self.lang.format(&region.name)), vec![text_cell(region.prefix)]);
        let none = (self.t("stats-no-prefix"), vec![text_cell("")]);
        self.group_count_figure(FigureId::CalledPrefixes, &["stats-region", "stats-prefix"], &counts, label, Some(none))
    }

    /// `label` returns a row's heading and first cells; `none` has those of the group without a key.
    fn group_count_figure<T: Clone>(
        &self,
        id: FigureId,
        headings: &[&str],
        counts: &[GroupCount<T>],
        label: impl Fn(T) -> (String, Vec<FigureCell>),
        none: Option<(String, Vec<FigureCell>)>,
    ) -> Figure {
        let total: i64 = counts.iter().map(|count| count.reports).sum();
        let rows = counts.iter().filter_map(|count| {
            let (heading, mut cells) = count.key.clone().map(&label).or_else(|| none.clone())?;
            cells.push(count_cell(count.reports, self.lang));
            Some(FigureRow::new(heading, cells).with_share(count.reports, total, self.lang))
        });
        let headings: Vec<_> = headings.iter().copied().chain(["stats-reports", "stats-share"]).collect();
        self.new_figure(id, &headings, rows.collect())
    }

    pub(crate) fn guide_outcomes(&self, outcomes: &GuideOutcomes) -> Figure {
        let rows = outcomes.by_guide.iter().filter(|(_, counts)| counts.opened > 0);
        let rows = rows.map(|(guide, counts)| self.outcome_row(self.t(guide.label()), counts));
        let headings = ["stats-guide", "stats-guide-runs", "stats-solved", "stats-without-report", "stats-share"];
        let figure = self.new_figure(FigureId::GuideOutcomes, &headings, rows.collect());
        Figure { note: Some(self.t("stats-method")), ..figure }
    }

    pub(crate) fn step_outcomes(&self, outcomes: &GuideOutcomes) -> Figure {
        let rows = outcomes.by_step.iter().map(|((category, id), counts)| {
            let guide = self.guides.get(self.lang, *category);
            let step = guide.and_then(|guide| guide.steps.iter().find(|step| step.id == *id));
            let title = guide.map_or("", |guide| guide.title.as_str());
            self.outcome_row(format!("{title}: {}", step.map_or(id.as_str(), |step| &step.question)), counts)
        });
        let headings = ["stats-step", "stats-opened", "stats-solved", "stats-without-report", "stats-share"];
        self.new_figure(FigureId::StepOutcomes, &headings, rows.collect())
    }

    fn outcome_row(&self, heading: String, counts: &OutcomeCounts) -> FigureRow {
        let cells =
            [counts.opened, counts.solved, counts.ended_without_report].map(|count| count_cell(count, self.lang));
        FigureRow::new(heading, cells.into()).with_share(counts.ended_without_report, counts.opened, self.lang)
    }

    pub(crate) fn longest_waiting(&self, waiting: &[WaitingTicket]) -> Figure {
        let rows = waiting.iter().map(|ticket| {
            let waiting_time = self.period.now - ticket.awaiting_staff_since;
            let waiting_time = self.lang.format(&format_duration(waiting_time.as_seconds_f64()));
            let assignee = ticket.assignee_name.clone().unwrap_or_else(|| self.t("stats-unassigned"));
            let since = self.lang.format(&local_time::format_date_time(ticket.awaiting_staff_since));
            let category = self.t(ticket.category.label());
            let cells = [waiting_time, since, category, assignee].map(text_cell).into();
            FigureRow {
                href: Some(urls::staff::ticket(&ticket.reference)),
                ..FigureRow::new(ticket.reference.to_string(), cells)
            }
        });
        let headings = ["stats-ticket", "stats-waiting-time", "stats-since", "stats-category", "stats-assignee"];
        self.new_figure(FigureId::LongestWaiting, &headings, rows.collect())
    }
}

impl Figure {
    /// The rows on the page.
    pub(crate) fn visible_rows(&self) -> &[FigureRow] {
        if self.chart.is_some() {
            &self.table.rows
        } else {
            &self.table.rows[..self.table.rows.len().min(MAX_TABLE_ROWS)]
        }
    }

    pub(crate) fn has_bars(&self) -> bool {
        self.table.rows.iter().any(|row| row.bar.is_some())
    }

    /// How many more rows the CSV file has, if any.
    pub(crate) fn hidden_row_count(&self) -> Option<usize> {
        self.table.rows.len().checked_sub(self.visible_rows().len()).filter(|hidden| *hidden > 0)
    }
}

/// One of the numbers at the top of the page: title, value and what to compare it with.
pub(crate) fn format_tile(
    lang: Lang,
    title: &str,
    value: Option<String>,
    comparison: Option<UiMessage>,
) -> (String, String, String) {
    let value = value.unwrap_or_else(|| "–".to_owned());
    (lang.t(title).into_owned(), value, comparison.map_or(String::new(), |comparison| lang.format(&comparison)))
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

pub(crate) fn format_rounded(lang: Lang, number: f64) -> String {
    format_integer(number.round() as i64, lang)
}
