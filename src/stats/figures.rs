//! The figures, each with its title, its drawing and its table.

use time::Date;

use super::{
    arrivals::{Arrivals, Arrived},
    chart::{Columns, Point},
    durations::{Durations, stretch, told},
    span::Span,
    store::{Share, Waiting},
    table::{Cell, Row, Table, average, count, grouped, perhaps, text},
    walks::{Ended, Walks},
};
use crate::{
    causes::sip_meaning,
    guides::Guides,
    phone::{Region, region},
    tickets::{Category, Symptom},
    words::{Lang, Say},
    zone,
};

/// Rows of a long table on the page; the rest is in the file beside it.
const MOST: usize = 10;

/// All figures, in the order of the page, by the names of their files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Hours,
    Days,
    Answers,
    Resolutions,
    Categories,
    Codes,
    Symptoms,
    Prefixes,
    Guides,
    Steps,
    Waiting,
}

/// A figure, ready to be printed.
pub struct Figure {
    pub name: Name,
    pub title: String,
    /// What its strokes mean, beside the title.
    pub aside: Option<String>,
    /// What can be read from it, below.
    pub note: Option<String>,
    /// Columns with the sentence that tells them; without, the table is the drawing.
    pub columns: Option<(Columns, String)>,
    pub table: Table,
    /// Whether there is anything to show.
    pub is_empty: bool,
}

/// Makes figures for a reader.
pub struct Maker<'a> {
    pub lang: Lang,
    pub span: Span,
    pub guides: &'a Guides,
}

impl Name {
    pub const ALL: [Name; 11] = [
        Name::Hours,
        Name::Days,
        Name::Answers,
        Name::Resolutions,
        Name::Categories,
        Name::Codes,
        Name::Symptoms,
        Name::Prefixes,
        Name::Guides,
        Name::Steps,
        Name::Waiting,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Name::Hours => "hours",
            Name::Days => "days",
            Name::Answers => "answers",
            Name::Resolutions => "resolutions",
            Name::Categories => "categories",
            Name::Codes => "codes",
            Name::Symptoms => "symptoms",
            Name::Prefixes => "prefixes",
            Name::Guides => "guides",
            Name::Steps => "steps",
            Name::Waiting => "waiting",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Name::Hours => "stats-hours",
            Name::Days => "stats-days",
            Name::Answers => "stats-answers",
            Name::Resolutions => "stats-resolutions",
            Name::Categories => "stats-categories",
            Name::Codes => "stats-codes",
            Name::Symptoms => "stats-symptoms",
            Name::Prefixes => "stats-prefixes",
            Name::Guides => "stats-guides",
            Name::Steps => "stats-steps",
            Name::Waiting => "stats-waiting",
        }
    }
}

impl Maker<'_> {
    fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }

    fn figure(&self, name: Name, heads: &[&str], rows: Vec<Row>) -> Figure {
        let table = Table { heads: heads.iter().map(|head| self.t(head)).collect(), rows };
        let is_empty = table.rows.is_empty();
        Figure { name, title: self.t(name.title()), aside: None, note: None, columns: None, table, is_empty }
    }

    pub fn hours(&self, arrivals: &Arrivals) -> Figure {
        let clock = |hour: &Arrived<u8>| (hour.when.to_string(), format!("{}:00", hour.when));
        self.arrived(Name::Hours, "stats-hour", &arrivals.hours(), clock)
    }

    pub fn days(&self, arrivals: &Arrivals) -> Figure {
        let date = |day: &Arrived<Date>| {
            let weekday = i64::from(day.when.weekday().number_from_monday());
            let (of_month, month) = (day.when.day(), u8::from(day.when.month()));
            let short =
                Say::new("stats-day-short").with("weekday", weekday).with("date", format!("{of_month}.{month:02}"));
            let label = if self.span.days > 7 { of_month.to_string() } else { self.lang.say(&short) };
            (label, self.lang.say(&short))
        };
        self.arrived(Name::Days, "stats-day", &arrivals.days(), date)
    }

    /// `labels` gives what stands below a column and what stands in the table.
    fn arrived<T>(
        &self,
        name: Name,
        head: &str,
        arrived: &[Arrived<T>],
        labels: impl Fn(&Arrived<T>) -> (String, String),
    ) -> Figure {
        let rows = arrived
            .iter()
            .map(|one| Row::new(labels(one).1, vec![perhaps(one.reports, self.lang), average(one.usual, self.lang)]));
        let mut figure = self.figure(name, &[head, "stats-reports", "stats-usual"], rows.collect());
        let points =
            arrived.iter().map(|one| Point { label: labels(one).0, value: one.reports, usual: one.usual, slow: false });
        let columns = Columns::of(points.collect());
        if columns.has_usual() {
            let usual = if self.span.days == 1 { "stats-stroke-weekday" } else { "stats-stroke-days" };
            let weekday = i64::from(self.span.today().weekday().number_from_monday());
            figure.aside = Some(self.lang.say(&Say::new(usual).with("weekday", weekday)));
        }
        let all: i64 = arrived.iter().filter_map(|one| one.reports).sum();
        let most = arrived.iter().filter(|one| one.reports > Some(0)).max_by_key(|one| one.reports);
        let told = match most {
            Some(most) => Say::new("stats-told")
                .with("count", all)
                .with("when", labels(most).1)
                .with("most", most.reports.unwrap_or_default()),
            None => Say::new("stats-told-none"),
        };
        let over: Vec<_> = columns.columns.iter().zip(arrived).filter(|(column, _)| column.slow).collect();
        if !over.is_empty() {
            let when: Vec<_> = over.iter().map(|(_, one)| labels(one).1).collect();
            figure.note = Some(self.lang.t1("stats-far-over", "when", when.join(", ")));
        }
        figure.columns = Some((columns, self.lang.say(&told)));
        figure
    }

    pub fn durations(&self, name: Name, ends: &[i32], durations: &Durations) -> Figure {
        let stretches = durations.counts.iter().enumerate();
        let stretches: Vec<_> = stretches.map(|(at, count)| (self.lang.say(&stretch(ends, at)), *count)).collect();
        let all: i64 = durations.counts.iter().sum();
        let rows = stretches
            .iter()
            .map(|(label, of)| Row::new(label.as_str(), vec![count(*of, self.lang)]).with_share(*of, all, self.lang));
        let mut figure = self.figure(name, &["stats-duration", "stats-reports", "stats-share"], rows.collect());
        let last = stretches.len().saturating_sub(1);
        let points = stretches.iter().enumerate().map(|(at, (label, count))| Point {
            label: label.clone(),
            value: Some(*count),
            usual: None,
            slow: at == last,
        });
        let told = stretches.iter().map(|(label, count)| format!("{label}: {count}")).collect::<Vec<_>>().join(", ");
        figure.columns = Some((Columns::of(points.collect()), told));
        figure.aside = durations.median.zip(durations.most).map(|(median, most)| {
            let say = Say::new("stats-percentiles").with("median", self::told(median)).with("most", self::told(most));
            self.lang.say(&say)
        });
        let still = match name {
            Name::Answers => "stats-still-unanswered",
            _ => "stats-still-unresolved",
        };
        figure.note = (durations.still > 0).then(|| self.lang.t1(still, "count", durations.still));
        figure.is_empty = all == 0 && durations.still == 0;
        figure
    }

    pub fn categories(&self, shares: &[Share<Category>]) -> Figure {
        let label = |category: Category| (self.t(category.label()), Vec::new());
        self.shares(Name::Categories, &["stats-category"], shares, label, None)
    }

    pub fn symptoms(&self, shares: &[Share<Symptom>]) -> Figure {
        let label = |symptom: Symptom| (self.t(symptom.label()), Vec::new());
        self.shares(Name::Symptoms, &["stats-symptom"], shares, label, None)
    }

    pub fn codes(&self, shares: &[Share<i16>]) -> Figure {
        let label = |code: i16| {
            let meaning = sip_meaning(code).map_or(String::new(), |meaning| self.t(meaning));
            (code.to_string(), vec![text(meaning)])
        };
        let none = (self.t("stats-no-code"), vec![text("")]);
        self.shares(Name::Codes, &["stats-code", "stats-meaning"], shares, label, Some(none))
    }

    pub fn prefixes(&self, shares: &[Share<String>]) -> Figure {
        // several beginnings may be one region: mobile numbers, and countries whose code is short
        let mut regions: Vec<(Option<Region>, i64)> = Vec::new();
        for share in shares {
            let region = share.of.as_deref().and_then(region);
            match regions.iter_mut().find(|(known, _)| *known == region) {
                Some((_, reports)) => *reports += share.reports,
                None => regions.push((region, share.reports)),
            }
        }
        regions.sort_by_key(|(_, reports)| std::cmp::Reverse(*reports));
        let shares: Vec<_> = regions.into_iter().map(|(of, reports)| Share { of, reports }).collect();
        // begins a row here, and stands in the middle of a sentence elsewhere
        let label = |region: Region| (begun(&self.lang.say(&region.name)), vec![text(region.prefix)]);
        let none = (self.t("stats-no-prefix"), vec![text("")]);
        self.shares(Name::Prefixes, &["stats-region", "stats-prefix"], &shares, label, Some(none))
    }

    /// `label` gives a row's head and its first cells, `none` those of what has no kind.
    fn shares<T: Clone>(
        &self,
        name: Name,
        heads: &[&str],
        shares: &[Share<T>],
        label: impl Fn(T) -> (String, Vec<Cell>),
        none: Option<(String, Vec<Cell>)>,
    ) -> Figure {
        let all: i64 = shares.iter().map(|share| share.reports).sum();
        let rows = shares.iter().filter_map(|share| {
            let (head, mut cells) = share.of.clone().map(&label).or_else(|| none.clone())?;
            cells.push(count(share.reports, self.lang));
            Some(Row::new(head, cells).with_share(share.reports, all, self.lang))
        });
        let heads: Vec<_> = heads.iter().copied().chain(["stats-reports", "stats-share"]).collect();
        self.figure(name, &heads, rows.collect())
    }

    pub fn guides(&self, walks: &Walks) -> Figure {
        let rows = walks.guides.iter().filter(|(_, ended)| ended.opened > 0);
        let rows = rows.map(|(guide, ended)| self.ended(self.t(guide.label()), ended));
        let heads = ["stats-guide", "stats-walks", "stats-solved", "stats-without", "stats-share"];
        let figure = self.figure(Name::Guides, &heads, rows.collect());
        Figure { note: Some(self.t("stats-how-counted")), ..figure }
    }

    pub fn steps(&self, walks: &Walks) -> Figure {
        let rows = walks.steps.iter().map(|((guide, step), ended)| {
            let guide = self.guides.get(self.lang, *guide);
            let question = guide.and_then(|guide| guide.steps.iter().find(|known| known.id == *step));
            let title = guide.map_or("", |guide| guide.title.as_str());
            self.ended(format!("{title}: {}", question.map_or(step.as_str(), |step| &step.question)), ended)
        });
        let heads = ["stats-step", "stats-opened", "stats-solved", "stats-without", "stats-share"];
        self.figure(Name::Steps, &heads, rows.collect())
    }

    fn ended(&self, head: String, ended: &Ended) -> Row {
        let cells = [ended.opened, ended.solved, ended.without].map(|value| count(value, self.lang));
        Row::new(head, cells.into()).with_share(ended.without, ended.opened, self.lang)
    }

    pub fn waiting(&self, waiting: &[Waiting]) -> Figure {
        let rows = waiting.iter().map(|ticket| {
            let waits = self.lang.say(&told((self.span.now - ticket.waiting_since).as_seconds_f64()));
            let who = ticket.assignee.clone().unwrap_or_else(|| self.t("stats-nobody"));
            let since = self.lang.say(&zone::short_moment(ticket.waiting_since));
            let cells = vec![text(waits), text(since), text(self.t(ticket.category.label())), text(who)];
            let href = Some(format!("/staff/tickets/{}", ticket.reference));
            Row { href, ..Row::new(ticket.reference.to_string(), cells) }
        });
        let heads = ["stats-ticket", "stats-waits", "stats-since", "stats-category", "stats-who"];
        self.figure(Name::Waiting, &heads, rows.collect())
    }
}

impl Figure {
    /// The rows that stand on the page.
    pub fn rows(&self) -> &[Row] {
        if self.columns.is_some() { &self.table.rows } else { &self.table.rows[..self.table.rows.len().min(MOST)] }
    }

    pub fn has_bars(&self) -> bool {
        self.table.rows.iter().any(|row| row.bar.is_some())
    }

    /// How many more are in the file.
    pub fn more(&self) -> Option<usize> {
        self.table.rows.len().checked_sub(self.rows().len()).filter(|more| *more > 0)
    }
}

/// The four figures at the top, each as title, value and what to compare it with.
pub fn tile(lang: Lang, title: &str, value: Option<String>, beside: Option<Say>) -> (String, String, String) {
    let value = value.unwrap_or_else(|| "–".to_owned());
    (lang.t(title).into_owned(), value, beside.map_or(String::new(), |say| lang.say(&say)))
}

/// With a capital.
fn begun(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

/// A number for a sentence.
pub fn in_words(lang: Lang, number: f64) -> String {
    grouped(number.round() as i64, lang)
}
