//! Lists the latest calls by SIP code, by status and category, and by time.

use std::net::IpAddr;

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::candidates::{Candidates, MAX_CANDIDATES, MAX_STATUS_AND_CATEGORY_CANDIDATES, to_candidates};
use crate::{
    desk::queue::{
        filter::TimeRange,
        search::criteria::{CandidateCall, SearchCandidate},
    },
    phone::PartyKind,
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

pub(crate) async fn list_by_sip_code(
    db: &mut PgConnection,
    words: Option<&str>,
    codes: &[i16],
    TimeRange { from, to }: TimeRange,
) -> Result<Candidates, sqlx::Error> {
    select_candidates!(
        db,
        MAX_CANDIDATES,
        words,
        [(
            "code",
            "unnest($2::smallint[]) code
            cross join lateral (
                select * from ticket
                where sip_code = code and coalesce(call_at, created_at) >= $3 and coalesce(call_at, created_at) < $4
                order by coalesce(call_at, created_at) desc, id desc
                limit 301
            ) ticket"
        )],
        [codes, from, to]
    )
}

/// With an assignee, or of all tickets.
pub(crate) async fn list_by_status_and_category(
    db: &mut PgConnection,
    words: Option<&str>,
    statuses: &[TicketStatus],
    categories: &[TicketCategory],
    assignee: Option<Uuid>,
    TimeRange { from, to }: TimeRange,
) -> Result<Candidates, sqlx::Error> {
    match assignee {
        None => select_candidates!(
            db,
            MAX_STATUS_AND_CATEGORY_CANDIDATES,
            words,
            [(
                "(10 * status_number + category_number)::integer",
                "unnest($2::ticket_status[]) with ordinality partition_status(partition_status, status_number)
                cross join unnest($3::ticket_category[]) with ordinality partition_category(partition_category, category_number)
                cross join lateral (
                    select * from ticket
                    where status = partition_status and category = partition_category
                        and coalesce(call_at, created_at) >= $4 and coalesce(call_at, created_at) < $5
                    order by coalesce(call_at, created_at) desc, id desc
                    limit 31
                ) ticket"
            )],
            [statuses as &[TicketStatus], categories as &[TicketCategory], from, to]
        ),
        Some(assignee) => select_candidates!(
            db,
            MAX_STATUS_AND_CATEGORY_CANDIDATES,
            words,
            [(
                "(10 * status_number + category_number)::integer",
                "unnest($2::ticket_status[]) with ordinality partition_status(partition_status, status_number)
                cross join unnest($3::ticket_category[]) with ordinality partition_category(partition_category, category_number)
                cross join lateral (
                    select * from ticket
                    where assignee = $6 and status = partition_status and category = partition_category
                        and coalesce(call_at, created_at) >= $4 and coalesce(call_at, created_at) < $5
                    order by coalesce(call_at, created_at) desc, id desc
                    limit 31
                ) ticket"
            )],
            [statuses as &[TicketStatus], categories as &[TicketCategory], from, to, assignee]
        ),
    }
}

pub(crate) async fn list_by_time(
    db: &mut PgConnection,
    words: Option<&str>,
    TimeRange { from, to }: TimeRange,
) -> Result<Candidates, sqlx::Error> {
    select_candidates!(
        db,
        MAX_CANDIDATES,
        words,
        [(
            "1",
            "ticket where coalesce(call_at, created_at) >= $2 and coalesce(call_at, created_at) < $3
            order by coalesce(call_at, created_at) desc, id desc
            limit 301"
        )],
        [from, to]
    )
}
