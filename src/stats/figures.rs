//! The figures, each with its title, its drawing and its table.

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
    i18n::{Lang, UiMessage},
    local_time,
    phone::{NumberRegion, find_region},
    tickets::{AudioSymptom, TicketCategory},
};

/// Rows of a long table on the page; the rest is in the file beside it.
const MAX_TABLE_ROWS: usize = 10;

/// All figures, in the order of the page, by the names of their files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureId {
    VolumeByHour,
    VolumeByDay,
    ResponseTimes,
    ResolutionTimes,
    Categories,
    SipCodes,
    Symptoms,
    CalledPrefixes,
    GuideOutcomes,
    StepOutcomes,
    LongestWaiting,
}

/// A figure, ready to be printed.
pub struct Figure {
    pub id: FigureId,
    pub title: String,
    /// What its strokes mean, beside the title.
    pub subtitle: Option<String>,
    /// What can be read from it, below.
    pub note: Option<String>,
    /// Columns with the sentence that tells them; without, the table is the drawing.
    pub chart: Option<(ColumnChart, String)>,
    pub table: FigureTable,
    /// Whether there is anything to show.
    pub is_empty: bool,
}

/// Makes figures for a reader.
pub struct FigureBuilder<'a> {
    pub lang: Lang,
    pub period: StatsPeriod,
    pub guides: &'a Guides,
}

impl FigureId {
    pub const ALL: [FigureId; 11] = [
        FigureId::VolumeByHour,
        FigureId::VolumeByDay,
        FigureId::ResponseTimes,
        FigureId::ResolutionTimes,
        FigureId::Categories,
        FigureId::SipCodes,
        FigureId::Symptoms,
        FigureId::CalledPrefixes,
        FigureId::GuideOutcomes,
        FigureId::StepOutcomes,
        FigureId::LongestWaiting,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            FigureId::VolumeByHour => "hours",
            FigureId::VolumeByDay => "days",
            FigureId::ResponseTimes => "answers",
            FigureId::ResolutionTimes => "resolutions",
            FigureId::Categories => "categories",
            FigureId::SipCodes => "codes",
            FigureId::Symptoms => "symptoms",
            FigureId::CalledPrefixes => "prefixes",
            FigureId::GuideOutcomes => "guides",
            FigureId::StepOutcomes => "steps",
            FigureId::LongestWaiting => "waiting",
        }
    }

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
    fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }

    fn new_figure(&self, name: FigureId, heads: &[&str], rows: Vec<FigureRow>) -> Figure {
        let table = FigureTable { headings: heads.iter().map(|head| self.t(head)).collect(), rows };
        let is_empty = table.rows.is_empty();
        Figure { id: name, title: self.t(name.title_key()), subtitle: None, note: None, chart: None, table, is_empty }
    }

    pub fn volume_by_hour(&self, arrivals: &ReportVolume) -> Figure {
        let clock = |hour: &VolumePoint<u8>| (hour.bucket.to_string(), format!("{}:00", hour.bucket));
        self.volume_figure(FigureId::VolumeByHour, "stats-hour", &arrivals.by_hour(), clock)
    }

    pub fn volume_by_day(&self, arrivals: &ReportVolume) -> Figure {
        let date = |day: &VolumePoint<Date>| {
            let weekday = i64::from(day.bucket.weekday().number_from_monday());
            let (of_month, month) = (day.bucket.day(), u8::from(day.bucket.month()));
            let short = UiMessage::new("stats-day-short")
                .with("weekday", weekday)
                .with("date", format!("{of_month}.{month:02}"));
            let label = if self.period.days > 7 { of_month.to_string() } else { self.lang.format(&short) };
            (label, self.lang.format(&short))
        };
        self.volume_figure(FigureId::VolumeByDay, "stats-day", &arrivals.by_day(), date)
    }

    /// `labels` gives what stands below a column and what stands in the table.
    fn volume_figure<T>(
        &self,
        name: FigureId,
        head: &str,
        arrived: &[VolumePoint<T>],
        labels: impl Fn(&VolumePoint<T>) -> (String, String),
    ) -> Figure {
        let rows = arrived.iter().map(|one| {
            FigureRow::new(
                labels(one).1,
                vec![optional_count_cell(one.reports, self.lang), average_cell(one.baseline, self.lang)],
            )
        });
        let mut figure = self.new_figure(name, &[head, "stats-reports", "stats-baseline"], rows.collect());
        let points = arrived.iter().map(|one| ChartPoint {
            label: labels(one).0,
            value: one.reports,
            baseline: one.baseline,
            is_highlighted: false,
        });
        let columns = ColumnChart::new(points.collect());
        if columns.has_baseline() {
            let usual = if self.period.days == 1 { "stats-baseline-note-weekday" } else { "stats-baseline-note-days" };
            let weekday = i64::from(self.period.today().weekday().number_from_monday());
            figure.subtitle = Some(self.lang.format(&UiMessage::new(usual).with("weekday", weekday)));
        }
        let all: i64 = arrived.iter().filter_map(|one| one.reports).sum();
        let most = arrived.iter().filter(|one| one.reports > Some(0)).max_by_key(|one| one.reports);
        let told = match most {
            Some(most) => UiMessage::new("stats-volume-summary")
                .with("count", all)
                .with("when", labels(most).1)
                .with("most", most.reports.unwrap_or_default()),
            None => UiMessage::new("stats-volume-summary-none"),
        };
        let over: Vec<_> = columns.columns.iter().zip(arrived).filter(|(column, _)| column.is_highlighted).collect();
        if !over.is_empty() {
            let when: Vec<_> = over.iter().map(|(_, one)| labels(one).1).collect();
            figure.note = Some(self.lang.t_with("stats-above-baseline", "when", when.join(", ")));
        }
        figure.chart = Some((columns, self.lang.format(&told)));
        figure
    }

    pub fn duration_figure(&self, name: FigureId, ends: &[i32], durations: &DurationStats) -> Figure {
        let stretches = durations.bucket_counts.iter().enumerate();
        let stretches: Vec<_> =
            stretches.map(|(at, count)| (self.lang.format(&bucket_label(ends, at)), *count)).collect();
        let all: i64 = durations.bucket_counts.iter().sum();
        let rows = stretches.iter().map(|(label, of)| {
            FigureRow::new(label.as_str(), vec![count_cell(*of, self.lang)]).with_share(*of, all, self.lang)
        });
        let mut figure = self.new_figure(name, &["stats-duration", "stats-reports", "stats-share"], rows.collect());
        let last = stretches.len().saturating_sub(1);
        let points = stretches.iter().enumerate().map(|(at, (label, count))| ChartPoint {
            label: label.clone(),
            value: Some(*count),
            baseline: None,
            is_highlighted: at == last,
        });
        let told = stretches.iter().map(|(label, count)| format!("{label}: {count}")).collect::<Vec<_>>().join(", ");
        figure.chart = Some((ColumnChart::new(points.collect()), told));
        figure.subtitle = durations.median_seconds.zip(durations.p90_seconds).map(|(median, most)| {
            let say = UiMessage::new("stats-percentiles")
                .with("median", self::format_duration(median))
                .with("most", self::format_duration(most));
            self.lang.format(&say)
        });
        let still = match name {
            FigureId::ResponseTimes => "stats-still-unanswered",
            _ => "stats-still-unresolved",
        };
        figure.note = (durations.pending_count > 0).then(|| self.lang.t_with(still, "count", durations.pending_count));
        figure.is_empty = all == 0 && durations.pending_count == 0;
        figure
    }

    pub fn categories(&self, shares: &[GroupCount<TicketCategory>]) -> Figure {
        let label = |category: TicketCategory| (self.t(category.label()), Vec::new());
        self.group_count_figure(FigureId::Categories, &["stats-category"], shares, label, None)
    }

    pub fn symptoms(&self, shares: &[GroupCount<AudioSymptom>]) -> Figure {
        let label = |symptom: AudioSymptom| (self.t(symptom.label()), Vec::new());
        self.group_count_figure(FigureId::Symptoms, &["stats-symptom"], shares, label, None)
    }

    pub fn sip_codes(&self, shares: &[GroupCount<i16>]) -> Figure {
        let label = |code: i16| {
            let meaning = sip_code_label(code).map_or(String::new(), |meaning| self.t(meaning));
            (code.to_string(), vec![text_cell(meaning)])
        };
        let none = (self.t("stats-no-code"), vec![text_cell("")]);
        self.group_count_figure(FigureId::SipCodes, &["stats-code", "stats-meaning"], shares, label, Some(none))
    }

    pub fn called_prefixes(&self, shares: &[GroupCount<String>]) -> Figure {
        // several beginnings may be one region: mobile numbers, and countries whose code is short
        let mut regions: Vec<(Option<NumberRegion>, i64)> = Vec::new();
        for share in shares {
            let region = share.key.as_deref().and_then(find_region);
            match regions.iter_mut().find(|(known, _)| *known == region) {
                Some((_, reports)) => *reports += share.reports,
                None => regions.push((region, share.reports)),
            }
        }
        regions.sort_by_key(|(_, reports)| std::cmp::Reverse(*reports));
        let shares: Vec<_> = regions.into_iter().map(|(of, reports)| GroupCount { key: of, reports }).collect();
        // begins a row here, and stands in the middle of a sentence elsewhere
        let label =
            |region: NumberRegion| (capitalize(&self.lang.format(&region.name)), vec![text_cell(region.prefix)]);
        let none = (self.t("stats-no-prefix"), vec![text_cell("")]);
        self.group_count_figure(FigureId::CalledPrefixes, &["stats-region", "stats-prefix"], &shares, label, Some(none))
    }

    /// `label` gives a row's head and its first cells, `none` those of what has no kind.
    fn group_count_figure<T: Clone>(
        &self,
        name: FigureId,
        heads: &[&str],
        shares: &[GroupCount<T>],
        label: impl Fn(T) -> (String, Vec<FigureCell>),
        none: Option<(String, Vec<FigureCell>)>,
    ) -> Figure {
        let all: i64 = shares.iter().map(|share| share.reports).sum();
        let rows = shares.iter().filter_map(|share| {
            let (head, mut cells) = share.key.clone().map(&label).or_else(|| none.clone())?;
            cells.push(count_cell(share.reports, self.lang));
            Some(FigureRow::new(head, cells).with_share(share.reports, all, self.lang))
        });
        let heads: Vec<_> = heads.iter().copied().chain(["stats-reports", "stats-share"]).collect();
        self.new_figure(name, &heads, rows.collect())
    }

    pub fn guide_outcomes(&self, walks: &GuideOutcomes) -> Figure {
        let rows = walks.by_guide.iter().filter(|(_, ended)| ended.opened > 0);
        let rows = rows.map(|(guide, ended)| self.outcome_row(self.t(guide.label()), ended));
        let heads = ["stats-guide", "stats-guide-runs", "stats-solved", "stats-without-report", "stats-share"];
        let figure = self.new_figure(FigureId::GuideOutcomes, &heads, rows.collect());
        Figure { note: Some(self.t("stats-method")), ..figure }
    }

    pub fn step_outcomes(&self, walks: &GuideOutcomes) -> Figure {
        let rows = walks.by_step.iter().map(|((guide, step), ended)| {
            let guide = self.guides.get(self.lang, *guide);
            let question = guide.and_then(|guide| guide.steps.iter().find(|known| known.id == *step));
            let title = guide.map_or("", |guide| guide.title.as_str());
            self.outcome_row(format!("{title}: {}", question.map_or(step.as_str(), |step| &step.question)), ended)
        });
        let heads = ["stats-step", "stats-opened", "stats-solved", "stats-without-report", "stats-share"];
        self.new_figure(FigureId::StepOutcomes, &heads, rows.collect())
    }

    fn outcome_row(&self, head: String, ended: &OutcomeCounts) -> FigureRow {
        let cells = [ended.opened, ended.solved, ended.ended_without_report].map(|value| count_cell(value, self.lang));
        FigureRow::new(head, cells.into()).with_share(ended.ended_without_report, ended.opened, self.lang)
    }

    pub fn longest_waiting(&self, waiting: &[WaitingTicket]) -> Figure {
        let rows = waiting.iter().map(|ticket| {
            let waits =
                self.lang.format(&format_duration((self.period.now - ticket.awaiting_staff_since).as_seconds_f64()));
            let who = ticket.assignee_name.clone().unwrap_or_else(|| self.t("stats-unassigned"));
            let since = self.lang.format(&local_time::format_date_time(ticket.awaiting_staff_since));
            let cells =
                vec![text_cell(waits), text_cell(since), text_cell(self.t(ticket.category.label())), text_cell(who)];
            let href = Some(format!("/staff/tickets/{}", ticket.reference));
            FigureRow { href, ..FigureRow::new(ticket.reference.to_string(), cells) }
        });
        let heads = ["stats-ticket", "stats-waiting-time", "stats-since", "stats-category", "stats-assignee"];
        self.new_figure(FigureId::LongestWaiting, &heads, rows.collect())
    }
}

impl Figure {
    /// The rows that stand on the page.
    pub fn visible_rows(&self) -> &[FigureRow] {
        if self.chart.is_some() {
            &self.table.rows
        } else {
            &self.table.rows[..self.table.rows.len().min(MAX_TABLE_ROWS)]
        }
    }

    pub fn has_bars(&self) -> bool {
        self.table.rows.iter().any(|row| row.bar.is_some())
    }

    /// How many more are in the file.
    pub fn hidden_row_count(&self) -> Option<usize> {
        self.table.rows.len().checked_sub(self.visible_rows().len()).filter(|more| *more > 0)
    }
}

/// The four figures at the top, each as title, value and what to compare it with.
pub fn format_tile(
    lang: Lang,
    title: &str,
    value: Option<String>,
    beside: Option<UiMessage>,
) -> (String, String, String) {
    let value = value.unwrap_or_else(|| "–".to_owned());
    (lang.t(title).into_owned(), value, beside.map_or(String::new(), |say| lang.format(&say)))
}

/// With a capital.
fn capitalize(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

/// A number for a sentence.
pub fn format_rounded(lang: Lang, number: f64) -> String {
    format_integer(number.round() as i64, lang)
}
