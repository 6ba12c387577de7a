//! Candidates of a search, and the statement that lists them.

use std::collections::HashMap;

use crate::desk::queue::search::criteria::SearchCandidate;

pub(crate) struct Candidates {
    pub tickets: Vec<SearchCandidate>,
    /// A branch of the statement reached its limit, so there may be more candidates.
    pub is_truncated: bool,
}

// The `limit`s of the branches, each one more than needed. The statements repeat these numbers.
pub(super) const MAX_CANDIDATES: usize = 301;
pub(super) const MAX_PARTIAL_NUMBER_CANDIDATES: usize = 101;
pub(super) const MAX_STATUS_AND_CATEGORY_CANDIDATES: usize = 31;

pub(super) fn to_candidates(tickets: Vec<SearchCandidate>, limit: usize) -> Candidates {
    let mut counts: HashMap<i32, usize> = HashMap::new();
    tickets.iter().for_each(|ticket| *counts.entry(ticket.branch).or_default() += 1);
    Candidates { is_truncated: counts.values().any(|count| *count >= limit), tickets }
}

/// Lists candidates from one or more branches. `$1` is a full-text query or null. A branch with a number below zero finds
/// tickets by a further call that the customer reported. These calls are then loaded as well.
macro_rules! select_candidates {
    ($db:expr, $limit:expr, $words:expr, [$(($branch:tt, $($from:tt)+)),+], [$($arg:expr),*]) => {{
        let tickets = sqlx::query_as!(
            SearchCandidate,
            r#"select
                branch as "branch!", id as "id!", reference as "reference!: TicketReference", status as "status!: TicketStatus",
                category as "category!: TicketCategory", assignee, awaiting_staff_since as "awaiting_staff_since!",
                coalesce(call_at, created_at) as "occurred_at!", sip_code, caller_kind as "caller_kind: PartyKind", caller,
                caller_digits, callee_kind as "callee_kind: PartyKind", callee, callee_digits, account,
                lower(email) as email, client_ip as "client_ip!: IpAddr", public_ip as "public_ip: IpAddr",
                ($1::text is null or search_vector @@ $1::text::tsquery) as "has_words!",
                case when branch < 0 then (
                    select jsonb_agg(jsonb_build_object(
                        'caller_kind', example.caller_kind, 'caller', example.caller, 'caller_digits', example.caller_digits,
                        'callee_kind', example.callee_kind, 'callee', example.callee, 'callee_digits', example.callee_digits,
                        'at', example.call_at
                    ))
                    from call_example example where example.ticket_id = ticket.id
                ) end as "example_calls: Json<Vec<CandidateCall>>"
            from ("#
            + $("(select " + $branch + " as branch, ticket.* from " + $($from)+ + ") union all " +)+
            "(select 0, ticket.* from ticket where false)) ticket",
            $words,
            $($arg),*
        )
        .fetch_all($db)
        .await?;
        Ok(to_candidates(tickets, $limit))
    }};
}
