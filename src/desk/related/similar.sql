-- Tickets that have a property in common, with the reasons. Each reason reads its index backwards from the latest ticket, up to
-- a limit. Equality is written as a range, and the sort has the columns of the index: for "=" the planner might choose another
-- index, which is fast only if such tickets are frequent.
--   $1 id of the ticket, $2 digits of A, $3 digits of B, $4 account of A or the logged-out account, $5 account of B or the
--   logged-out account, $6 and $7 IP addresses, $8 SIP code, $9 time of the call, $10 first digits of B. Null if there is none.
--   $11 limit for each reason, including the ticket itself.
with candidate (reason, id) as (
    (select 'caller', id from ticket
    where caller_digits ~>=~ $2::text and caller_digits ~<=~ $2
    order by caller_digits using ~>~, id desc limit $11)
    union all
    (select 'caller', id from ticket
    where caller_kind = 'account' and caller >= $4::text and caller <= $4
    order by caller desc, id desc limit $11)
    union all
    (select 'callee', id from ticket
    where callee_digits ~>=~ $3::text and callee_digits ~<=~ $3
    order by callee_digits using ~>~, id desc limit $11)
    union all
    (select 'callee', id from ticket
    where callee_kind = 'account' and callee >= $5::text and callee <= $5
    order by callee desc, id desc limit $11)
    union all
    (select 'account', id from ticket
    where account is not null and account >= $4 and account <= $4
    order by account desc, id desc limit $11)
    union all
    (select 'account', id from ticket
    where account is not null and account >= $5 and account <= $5 and $5 is distinct from $4
    order by account desc, id desc limit $11)
    union all
    (select 'address', id from ticket
    where client_ip >= $6::inet and client_ip <= $6
    order by client_ip desc, id desc limit $11)
    union all
    (select 'address', id from ticket
    where client_ip >= $7::inet and client_ip <= $7
    order by client_ip desc, id desc limit $11)
    union all
    (select 'address', id from ticket
    where public_ip is not null and public_ip >= $6 and public_ip <= $6
    order by public_ip desc, id desc limit $11)
    union all
    (select 'address', id from ticket
    where public_ip is not null and public_ip >= $7 and public_ip <= $7
    order by public_ip desc, id desc limit $11)
    union all
    -- the nearest in time, before and after, if they have the same destination
    (select 'cause', id from (
        select id, callee_digits from ticket
        where sip_code is not null
            and (sip_code, coalesce(call_at, created_at)) <= ($8::smallint, $9::timestamptz)
            and (sip_code, coalesce(call_at, created_at)) >= ($8, $9 - interval '2 hours')
        order by sip_code desc, coalesce(call_at, created_at) desc, id desc limit 100
    ) before
    where callee_digits ^@ $10::text limit $11)
    union all
    (select 'cause', id from (
        select id, callee_digits from ticket
        where sip_code is not null
            and (sip_code, coalesce(call_at, created_at)) > ($8, $9)
            and (sip_code, coalesce(call_at, created_at)) <= ($8, $9 + interval '2 hours')
        order by sip_code, coalesce(call_at, created_at), id limit 100
    ) after
    where callee_digits ^@ $10 limit $11)
)
select
    reference as "reference: TicketReference", status as "status: TicketStatus",
    caller_kind as "caller_kind: PartyKind", caller, callee_kind as "callee_kind: PartyKind", callee, account, sip_code,
    coalesce(call_at, created_at) as "occurred_at!", reasons as "reasons!: Vec<String>"
from (select id, array_agg(distinct reason) as reasons from candidate where id <> $1::uuid group by id) related
join ticket using (id)
order by id desc
