//! The figures' SQL: one statement for each. All but three read the index `ticket_figures` and nothing else.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::{
    durations::{DurationStats, RESOLUTION_BUCKET_BOUNDS_MINUTES, RESPONSE_BUCKET_BOUNDS_MINUTES},
    period::StatsPeriod,
};
use crate::tickets::{AudioSymptom, TicketCategory, TicketReference};

/// Reports in an hour.
pub struct HourlyReportRow {
    pub starts_at: OffsetDateTime,
    pub reports: i64,
    /// When the first of all reports came.
    pub first_report_at: Option<OffsetDateTime>,
}

/// Reports in each hour in which there were some. All offsets of Warsaw are whole hours, so hours are the same in UTC.
pub async fn list_hourly_reports(
    db: &mut PgConnection,
    from: OffsetDateTime,
    span: &StatsPeriod,
) -> Result<Vec<HourlyReportRow>, sqlx::Error> {
    sqlx::query_as!(
        HourlyReportRow,
        r#"select
            date_trunc('hour', created_at, 'UTC') as "starts_at!", count(*) as "reports!",
            (select min(created_at) from ticket) as first_report_at
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
pub struct GroupCount<T> {
    pub key: Option<T>,
    pub reports: i64,
}

macro_rules! count_by {
    ($db:expr, $span:expr, $of:literal, $where:literal) => {
        sqlx::query_as!(
            GroupCount,
            "select "
                + $of
                + r#", count(*) as "reports!" from ticket
                where created_at >= $1 and created_at <= $2 and status <> 'spam' "#
                + $where
                + " group by 1 order by 2 desc, 1",
            $span.starts_at(),
            $span.now
        )
        .fetch_all($db)
        .await
    };
}

pub async fn count_by_category(
    db: &mut PgConnection,
    span: &StatsPeriod,
) -> Result<Vec<GroupCount<TicketCategory>>, sqlx::Error> {
    count_by!(db, span, r#"category as "key: TicketCategory""#, "")
}

/// What was wrong with the sound.
pub async fn count_by_symptom(
    db: &mut PgConnection,
    span: &StatsPeriod,
) -> Result<Vec<GroupCount<AudioSymptom>>, sqlx::Error> {
    count_by!(db, span, r#"symptom as "key: AudioSymptom""#, "and symptom is not null")
}

pub async fn count_by_sip_code(db: &mut PgConnection, span: &StatsPeriod) -> Result<Vec<GroupCount<i16>>, sqlx::Error> {
    count_by!(db, span, "sip_code as key", "")
}

/// By the beginning of the number that was called: for Polish ones two digits behind the country's, for others three with
/// it; none for SIP accounts and short numbers.
pub async fn count_by_called_prefix(
    db: &mut PgConnection,
    span: &StatsPeriod,
) -> Result<Vec<GroupCount<String>>, sqlx::Error> {
    count_by!(
        db,
        span,
        "case when callee like '+48%' then left(callee, 5) when callee like '+%' then left(callee, 4) end as key",
        "and callee is not null"
    )
}

macro_rules! duration_stats {
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
            $span.starts_at(),
            $span.now,
            &bucket_bounds_seconds($ends)
        )
        .fetch_one($db)
        .await?;
        let percentiles = found.percentiles.unwrap_or_default();
        let (median, most) = (percentiles.first().copied(), percentiles.get(1).copied());
        Ok(DurationStats {
            median_seconds: median,
            p90_seconds: most,
            bucket_counts: found.counts,
            pending_count: found.still,
        })
    }};
}

/// How long it took until customers heard from staff. Duplicates are answered with their main tickets.
pub async fn load_response_times(db: &mut PgConnection, span: &StatsPeriod) -> Result<DurationStats, sqlx::Error> {
    duration_stats!(db, span, "first_response_at", &RESPONSE_BUCKET_BOUNDS_MINUTES)
}

/// The same until it was over.
pub async fn load_resolution_times(db: &mut PgConnection, span: &StatsPeriod) -> Result<DurationStats, sqlx::Error> {
    duration_stats!(db, span, "resolved_at", &RESOLUTION_BUCKET_BOUNDS_MINUTES)
}

fn bucket_bounds_seconds(minutes: &[i32]) -> Vec<f64> {
    minutes.iter().map(|minutes| f64::from(*minutes) * 60.0).collect()
}

/// A walk's address, how often its page was opened, and how many reports came from there.
#[derive(Debug)]
pub struct GuidePathRow {
    pub path: String,
    pub visits: i64,
    pub reports: i64,
}

pub async fn list_guide_paths(db: &mut PgConnection, span: &StatsPeriod) -> Result<Vec<GuidePathRow>, sqlx::Error> {
    let (first, today): (Date, Date) = (span.first_day(), span.today());
    sqlx::query_as!(
        GuidePathRow,
        r#"select path as "path!", sum(views)::bigint as "visits!", sum(reports)::bigint as "reports!"
        from (
            select path, views, 0 as reports from guide_page_view where day between $1 and $2
            union all
            select trail, 0, count(*) from ticket
            where created_at >= $3 and created_at <= $4 and trail is not null and status <> 'spam'
            group by trail
        ) walk
        group by path"#,
        first,
        today,
        span.starts_at(),
        span.now
    )
    .fetch_all(db)
    .await
}

/// Tickets on which staff have something to do, and those of them that are nobody's.
pub struct OpenTicketCounts {
    pub total: i64,
    pub unassigned: i64,
}

pub async fn count_open(db: &mut PgConnection) -> Result<OpenTicketCounts, sqlx::Error> {
    sqlx::query_as!(
        OpenTicketCounts,
        r#"select
            (select count(*) from ticket where status in ('new', 'open', 'waiting')) as "total!",
            (select count(*) from ticket where status = 'new')
                + (select count(*) from ticket where status in ('open', 'waiting') and assignee is null) as "unassigned!""#
    )
    .fetch_one(db)
    .await
}

/// A ticket that waits for staff.
pub struct WaitingTicket {
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub awaiting_staff_since: OffsetDateTime,
    pub assignee_name: Option<String>,
}

/// Those that have waited longest. Each pile of the queue gives its first.
pub async fn list_longest_waiting(db: &mut PgConnection) -> Result<Vec<WaitingTicket>, sqlx::Error> {
    sqlx::query_as!(
        WaitingTicket,
        r#"select
            reference as "reference: TicketReference", longest.category as "category: TicketCategory", awaiting_staff_since, staff.name as "assignee_name?"
        from unnest(array['new', 'open']::ticket_status[]) one_status
        cross join unnest(enum_range(null::ticket_category)) one_category
        cross join lateral (
            select id, reference, category, awaiting_staff_since, assignee from ticket
            where status = one_status and category = one_category
            order by awaiting_staff_since, id limit 10
        ) longest
        left join staff on staff.id = assignee
        order by awaiting_staff_since, longest.id limit 10"#
    )
    .fetch_all(db)
    .await
}
