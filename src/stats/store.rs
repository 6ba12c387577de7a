//! The SQL of the figures, one statement each. All but three are index-only scans of `ticket_figures`.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::{
    durations::{DurationStats, RESOLUTION_BUCKET_BOUNDS_MINUTES, RESPONSE_BUCKET_BOUNDS_MINUTES},
    period::StatsPeriod,
};
use crate::tickets::{AudioSymptom, TicketCategory, TicketReference};

pub(crate) struct HourlyReportRow {
    pub starts_at: OffsetDateTime,
    pub reports: i64,
    /// The time of the first report ever.
    pub first_report_at: Option<OffsetDateTime>,
}

/// The hours that have reports. All UTC offsets of Warsaw are whole hours, so local hours begin when UTC hours do.
pub(crate) async fn list_hourly_reports(
    db: &mut PgConnection,
    from: OffsetDateTime,
    period: &StatsPeriod,
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
        period.now
    )
    .fetch_all(db)
    .await
}

/// The number of reports with a key; `None` is the group of reports without one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GroupCount<T> {
    pub key: Option<T>,
    pub reports: i64,
}

macro_rules! count_by {
    ($db:expr, $period:expr, $column:literal, $where:literal) => {
        sqlx::query_as!(
            GroupCount,
            "select "
                + $column
                + r#", count(*) as "reports!" from ticket
                where created_at >= $1 and created_at <= $2 and status <> 'spam' "#
                + $where
                + " group by 1 order by 2 desc, 1",
            $period.starts_at(),
            $period.now
        )
        .fetch_all($db)
        .await
    };
}

pub(crate) async fn count_by_category(
    db: &mut PgConnection,
    period: &StatsPeriod,
) -> Result<Vec<GroupCount<TicketCategory>>, sqlx::Error> {
    count_by!(db, period, r#"category as "key: TicketCategory""#, "")
}

pub(crate) async fn count_by_symptom(
    db: &mut PgConnection,
    period: &StatsPeriod,
) -> Result<Vec<GroupCount<AudioSymptom>>, sqlx::Error> {
    count_by!(db, period, r#"symptom as "key: AudioSymptom""#, "and symptom is not null")
}

pub(crate) async fn count_by_sip_code(
    db: &mut PgConnection,
    period: &StatsPeriod,
) -> Result<Vec<GroupCount<i16>>, sqlx::Error> {
    count_by!(db, period, "sip_code as key", "")
}

/// By the prefix of the called number: `+48` and two digits, or `+` and three digits for other countries. `None` for SIP
/// accounts and short numbers.
pub(crate) async fn count_by_called_prefix(
    db: &mut PgConnection,
    period: &StatsPeriod,
) -> Result<Vec<GroupCount<String>>, sqlx::Error> {
    count_by!(
        db,
        period,
        "case when callee like '+48%' then left(callee, 5) when callee like '+%' then left(callee, 4) end as key",
        "and callee is not null"
    )
}

macro_rules! duration_stats {
    ($db:expr, $period:expr, $until:literal, $bounds_minutes:expr) => {{
        let row = sqlx::query!(
            r#"select
                percentile_cont(array[0.5, 0.9]) within group (order by seconds) as percentiles,
                count(*) filter (where seconds is null and status in ('new', 'open', 'waiting')) as "pending!",
                array[
                    count(*) filter (where bucket = 0), count(*) filter (where bucket = 1),
                    count(*) filter (where bucket = 2), count(*) filter (where bucket = 3),
                    count(*) filter (where bucket = 4), count(*) filter (where bucket = 5),
                    count(*) filter (where bucket = 6)
                ] as "counts!"
            from (
                select status, seconds, width_bucket(seconds, $3) as bucket
                from (
                    select status, extract(epoch from "#
                + $until
                + r#" - created_at)::float8 as seconds
                    from ticket
                    where created_at >= $1 and created_at <= $2 and status <> 'spam' and merged_into is null
                ) ticket_duration
            ) bucketed_duration"#,
            $period.starts_at(),
            $period.now,
            &bucket_bounds_seconds($bounds_minutes)
        )
        .fetch_one($db)
        .await?;
        let percentiles = row.percentiles.unwrap_or_default();
        Ok(DurationStats {
            median_seconds: percentiles.first().copied(),
            p90_seconds: percentiles.get(1).copied(),
            bucket_counts: row.counts,
            pending_count: row.pending,
        })
    }};
}

/// The time until the first reply to the customer. Duplicates are not counted: they are answered with their main tickets.
pub(crate) async fn load_response_times(
    db: &mut PgConnection,
    period: &StatsPeriod,
) -> Result<DurationStats, sqlx::Error> {
    duration_stats!(db, period, "first_response_at", &RESPONSE_BUCKET_BOUNDS_MINUTES)
}

/// The time until the ticket was resolved. Duplicates are not counted.
pub(crate) async fn load_resolution_times(
    db: &mut PgConnection,
    period: &StatsPeriod,
) -> Result<DurationStats, sqlx::Error> {
    duration_stats!(db, period, "resolved_at", &RESOLUTION_BUCKET_BOUNDS_MINUTES)
}

fn bucket_bounds_seconds(minutes: &[i32]) -> Vec<f64> {
    minutes.iter().map(|minutes| f64::from(*minutes) * 60.0).collect()
}

/// A path through a guide, the views of its page, and the reports that were sent from it.
#[derive(Debug)]
pub(crate) struct GuidePathRow {
    pub path: String,
    pub visits: i64,
    pub reports: i64,
}

pub(crate) async fn list_guide_paths(
    db: &mut PgConnection,
    period: &StatsPeriod,
) -> Result<Vec<GuidePathRow>, sqlx::Error> {
    let (first, today): (Date, Date) = (period.first_day(), period.today());
    sqlx::query_as!(
        GuidePathRow,
        r#"select path as "path!", sum(views)::bigint as "visits!", sum(reports)::bigint as "reports!"
        from (
            select path, views, 0 as reports from guide_page_view where day between $1 and $2
            union all
            select trail, 0, count(*) from ticket
            where created_at >= $3 and created_at <= $4 and trail is not null and status <> 'spam'
            group by trail
        ) by_source
        group by path"#,
        first,
        today,
        period.starts_at(),
        period.now
    )
    .fetch_all(db)
    .await
}

/// Active tickets, and those of them that are not assigned.
pub(crate) struct OpenTicketCounts {
    pub total: i64,
    pub unassigned: i64,
}

pub(crate) async fn count_open(db: &mut PgConnection) -> Result<OpenTicketCounts, sqlx::Error> {
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

pub(crate) struct WaitingTicket {
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub awaiting_staff_since: OffsetDateTime,
    pub assignee_name: Option<String>,
}

/// The ten tickets that have waited longest for staff. Reads the first ten of each (status, category) from the queue's index.
pub(crate) async fn list_longest_waiting(db: &mut PgConnection) -> Result<Vec<WaitingTicket>, sqlx::Error> {
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
