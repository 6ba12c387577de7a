//! The figures' SQL: one statement for each. All but three read the index `ticket_figures` and nothing else.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::{
    durations::{ANSWER, Durations, RESOLUTION},
    span::Span,
};
use crate::tickets::{Category, Reference, Symptom};

/// Reports in an hour.
pub struct Hour {
    pub begins: OffsetDateTime,
    pub reports: i64,
    /// When the first of all reports came.
    pub first: Option<OffsetDateTime>,
}

/// Reports in each hour in which there were some. All offsets of Warsaw are whole hours, so hours are the same in UTC.
pub async fn arrivals(db: &mut PgConnection, from: OffsetDateTime, span: &Span) -> Result<Vec<Hour>, sqlx::Error> {
    sqlx::query_as!(
        Hour,
        r#"select
            date_trunc('hour', created_at, 'UTC') as "begins!", count(*) as "reports!",
            (select min(created_at) from ticket) as first
        from ticket
        where created_at >= $1 and created_at <= $2 and status <> 'spam'
        group by 1"#,
        from,
        span.now
    )
    .fetch_all(db)
    .await
}

/// How many there are of one kind; `None` where nothing tells the kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Share<T> {
    pub of: Option<T>,
    pub reports: i64,
}

macro_rules! shares {
    ($db:expr, $span:expr, $of:literal, $where:literal) => {
        sqlx::query_as!(
            Share,
            "select "
                + $of
                + r#", count(*) as "reports!" from ticket
                where created_at >= $1 and created_at <= $2 and status <> 'spam' "#
                + $where
                + " group by 1 order by 2 desc, 1",
            $span.from(),
            $span.now
        )
        .fetch_all($db)
        .await
    };
}

pub async fn categories(db: &mut PgConnection, span: &Span) -> Result<Vec<Share<Category>>, sqlx::Error> {
    shares!(db, span, r#"category as "of: Category""#, "")
}

/// What was wrong with the sound.
pub async fn symptoms(db: &mut PgConnection, span: &Span) -> Result<Vec<Share<Symptom>>, sqlx::Error> {
    shares!(db, span, r#"symptom as "of: Symptom""#, "and symptom is not null")
}

pub async fn codes(db: &mut PgConnection, span: &Span) -> Result<Vec<Share<i16>>, sqlx::Error> {
    shares!(db, span, "sip_code as of", "")
}

/// By the beginning of the number that was called: for Polish ones two digits behind the country's, for others three with
/// it; none for SIP accounts and short numbers.
pub async fn prefixes(db: &mut PgConnection, span: &Span) -> Result<Vec<Share<String>>, sqlx::Error> {
    shares!(
        db,
        span,
        "case when callee like '+48%' then left(callee, 5) when callee like '+%' then left(callee, 4) end as of",
        "and callee is not null"
    )
}

macro_rules! durations {
    ($db:expr, $span:expr, $until:literal, $ends:expr) => {{
        let found = sqlx::query!(
            r#"select
                percentile_cont(array[0.5, 0.9]) within group (order by seconds) as percentiles,
                count(*) filter (where seconds is null and status in ('new', 'open', 'waiting')) as "still!",
                array[
                    count(*) filter (where stretch = 0), count(*) filter (where stretch = 1),
                    count(*) filter (where stretch = 2), count(*) filter (where stretch = 3),
                    count(*) filter (where stretch = 4), count(*) filter (where stretch = 5),
                    count(*) filter (where stretch = 6)
                ] as "counts!"
            from (
                select status, seconds, width_bucket(seconds, $3) as stretch
                from (
                    select status, extract(epoch from "#
                + $until
                + r#" - created_at)::float8 as seconds
                    from ticket
                    where created_at >= $1 and created_at <= $2 and status <> 'spam' and merged_into is null
                ) took
            ) stretched"#,
            $span.from(),
            $span.now,
            &ends($ends)
        )
        .fetch_one($db)
        .await?;
        let percentiles = found.percentiles.unwrap_or_default();
        let (median, most) = (percentiles.first().copied(), percentiles.get(1).copied());
        Ok(Durations { median, most, counts: found.counts, still: found.still })
    }};
}

/// How long it took until customers heard from staff. Duplicates are answered with their main tickets.
pub async fn answers(db: &mut PgConnection, span: &Span) -> Result<Durations, sqlx::Error> {
    durations!(db, span, "answered_at", &ANSWER)
}

/// The same until it was over.
pub async fn resolutions(db: &mut PgConnection, span: &Span) -> Result<Durations, sqlx::Error> {
    durations!(db, span, "resolved_at", &RESOLUTION)
}

fn ends(minutes: &[i32]) -> Vec<f64> {
    minutes.iter().map(|minutes| f64::from(*minutes) * 60.0).collect()
}

/// A walk's address, how often its page was opened, and how many reports came from there.
#[derive(Debug)]
pub struct Walked {
    pub path: String,
    pub visits: i64,
    pub reports: i64,
}

pub async fn walks(db: &mut PgConnection, span: &Span) -> Result<Vec<Walked>, sqlx::Error> {
    let (first, today): (Date, Date) = (span.first(), span.today());
    sqlx::query_as!(
        Walked,
        r#"select path as "path!", sum(visits)::bigint as "visits!", sum(reports)::bigint as "reports!"
        from (
            select path, visits, 0 as reports from guide_visit where day between $1 and $2
            union all
            select trail, 0, count(*) from ticket
            where created_at >= $3 and created_at <= $4 and trail is not null and status <> 'spam'
            group by trail
        ) walk
        group by path"#,
        first,
        today,
        span.from(),
        span.now
    )
    .fetch_all(db)
    .await
}

/// Tickets on which staff have something to do, and those of them that are nobody's.
pub struct Open {
    pub all: i64,
    pub nobodys: i64,
}

pub async fn open(db: &mut PgConnection) -> Result<Open, sqlx::Error> {
    sqlx::query_as!(
        Open,
        r#"select
            (select count(*) from ticket where status in ('new', 'open', 'waiting')) as "all!",
            (select count(*) from ticket where status = 'new')
                + (select count(*) from ticket where status in ('open', 'waiting') and assignee is null) as "nobodys!""#
    )
    .fetch_one(db)
    .await
}

/// A ticket that waits for staff.
pub struct Waiting {
    pub reference: Reference,
    pub category: Category,
    pub waiting_since: OffsetDateTime,
    pub assignee: Option<String>,
}

/// Those that have waited longest. Each pile of the queue gives its first.
pub async fn waiting(db: &mut PgConnection) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as!(
        Waiting,
        r#"select
            reference as "reference: Reference", longest.category as "category: Category", waiting_since, staff.name as "assignee?"
        from unnest(array['new', 'open']::ticket_status[]) one_status
        cross join unnest(enum_range(null::ticket_category)) one_category
        cross join lateral (
            select id, reference, category, waiting_since, assignee from ticket
            where status = one_status and category = one_category
            order by waiting_since, id limit 10
        ) longest
        left join staff on staff.id = assignee
        order by waiting_since, longest.id limit 10"#
    )
    .fetch_all(db)
    .await
}
