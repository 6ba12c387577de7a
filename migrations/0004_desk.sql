-- The desk: what staff need to find one call, to clear a long queue together, and to see what others do meanwhile.

-- The words of a text as they are searched for: lower case, without Polish marks, in whatever locale the database is; signs
-- divide words, or "SIP/2.0" would be one.
create function words_of(text) returns text language sql immutable parallel safe
return translate(
    lower($1),
    'ĄĆĘŁŃÓŚŹŻąćęłńóśźż!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~„”“’‘«»–—…→' || chr(160),
    'acelnoszzacelnoszz'
        || repeat(' ', 44)
);

alter table ticket
    -- the SIP code that stands in the error text; see src/causes.rs
    add column sip_code smallint check (sip_code between 400 and 699),
    -- the ticket that this one is a duplicate of: always one that is none itself
    add column merged_into uuid references ticket,
    -- when a ticket that waits comes back by itself
    add column waiting_until timestamptz,
    -- the words of the error text and the description
    add column words tsvector generated always as (
        to_tsvector('simple', words_of(coalesce(error_text, '') || ' ' || coalesce(description, '')))
    ) stored,
    add constraint ticket_is_no_duplicate_of_itself check (merged_into <> id),
    add constraint ticket_duplicate_points_to_its_main check (
        case when status = 'duplicate' then merged_into is not null else merged_into is null or status = 'resolved' end
    ),
    add constraint ticket_comes_back_from_waiting check (waiting_until is null or status = 'waiting');

-- who works on a ticket has it, so a new one is nobody's
update ticket set status = 'open' where status = 'new' and assignee is not null;
alter table ticket add constraint ticket_new_is_nobodys check (status <> 'new' or assignee is null);

-- tickets from before: a code that stands alone or behind the protocol's name
update ticket set sip_code = substring(error_text from '^(?:SIP/2[.]0 )?([456][0-9]{2})(?![ -]?[0-9])')::smallint;

-- One index a way of reading the queue. Each begins with what a view or a filter fixes and ends with an order, so that a
-- page reads its own rows only, however many tickets there are. See src/desk/store.rs. Ids are made from the time, so
-- `id` is the order of arrival.
drop index ticket_by_status_waiting, ticket_by_status_created, ticket_by_assignee, ticket_by_created;
create index ticket_by_waiting on ticket (status, category, waiting_since, id);
create index ticket_by_arrival on ticket (status, category, id);
create index ticket_by_call on ticket (status, category, (coalesce(call_at, created_at)), id);
create index ticket_by_any_waiting on ticket (waiting_since, id);
create index ticket_by_any_call on ticket ((coalesce(call_at, created_at)), id);
create index ticket_of_assignee_by_waiting on ticket (assignee, status, category, waiting_since, id)
where assignee is not null;
create index ticket_of_assignee_by_arrival on ticket (assignee, status, category, id) where assignee is not null;
create index ticket_of_assignee_by_call on ticket (assignee, status, category, (coalesce(call_at, created_at)), id)
where assignee is not null;
-- nobody's, but for new tickets, which never are anybody's
create index ticket_of_nobody_by_waiting on ticket (status, category, waiting_since, id)
where assignee is null and status <> 'new';
create index ticket_of_nobody_by_arrival on ticket (status, category, id) where assignee is null and status <> 'new';
create index ticket_of_nobody_by_call on ticket (status, category, (coalesce(call_at, created_at)), id)
where assignee is null and status <> 'new';
-- who has waited longest, for "take next"
create index ticket_next on ticket (waiting_since, id) where status = 'new';
create index ticket_comes_back on ticket (waiting_until) where waiting_until is not null;
create index ticket_duplicates on ticket (merged_into) where merged_into is not null;

-- What staff search by. The same value may be a thousand tickets': the newest come first.
drop index ticket_by_caller, ticket_by_callee, ticket_by_account, ticket_by_caller_account, ticket_by_callee_account,
    ticket_by_email;
create index ticket_by_caller on ticket (caller_digits text_pattern_ops, id);
create index ticket_by_callee on ticket (callee_digits text_pattern_ops, id);
create index ticket_by_account on ticket (account, id) where account is not null;
create index ticket_by_caller_account on ticket (caller, id) where caller_kind = 'account';
create index ticket_by_callee_account on ticket (callee, id) where callee_kind = 'account';
create index ticket_by_email on ticket (lower(email), id) where email is not null;
create index ticket_by_address on ticket (client_ip, id);
create index ticket_by_public_ip on ticket (public_ip, id) where public_ip is not null;
create index ticket_by_code on ticket (sip_code, (coalesce(call_at, created_at)), id) where sip_code is not null;
create index ticket_by_words on ticket using gin (words);
-- for figures over days; costs an insert next to nothing
create index ticket_in_time on ticket using brin (created_at);

-- Something changed: who listens reads again what it shows. One message a transaction, whatever it changed. Every verb
-- changes the ticket's own row, at least its version.
create function tell_of_tickets() returns trigger language plpgsql as $$
begin
    perform pg_notify('ticket', '');
    return null;
end
$$;
create trigger ticket_tells after insert or update on ticket for each statement execute function tell_of_tickets();

-- A session is over: pages that are kept up to date for it end. What is told is a hash, as in the table.
create function tell_of_session() returns trigger language plpgsql as $$
begin
    perform pg_notify('session', encode(old.token_hash, 'hex'));
    return null;
end
$$;
create trigger staff_session_tells after delete on staff_session for each row execute function tell_of_session();

-- What staff did to many tickets at once, for as long as it can be undone.
create table bulk (
    -- made from the form that it came from: sent twice, it is done once
    id uuid primary key,
    staff_id uuid not null references staff,
    at timestamptz not null,
    -- what was wanted and what came of it, as src/desk/bulk.rs reads it
    told jsonb not null,
    undone_at timestamptz,
    -- how many tickets were put back
    undone integer,
    constraint bulk_undone_once_undone check ((undone_at is null) = (undone is null))
);
create table bulk_ticket (
    bulk_id uuid not null references bulk on delete cascade,
    ticket_id uuid not null references ticket on delete cascade,
    -- chosen by who did it; others followed, such as the duplicates of a ticket that was resolved
    wanted boolean not null,
    -- the version that it left: only a ticket that still has it can be put back
    version integer not null,
    status ticket_status not null,
    assignee uuid references staff,
    waiting_since timestamptz not null,
    waiting_until timestamptz,
    resolved_at timestamptz,
    merged_into uuid references ticket,
    primary key (bulk_id, ticket_id)
);
create index bulk_in_time on bulk (at);
alter table ticket_event add column bulk_id uuid;

-- Answers that staff give often; placeholders as in src/desk/saved.
create table saved_reply (
    id uuid primary key,
    title text not null check (length(title) between 1 and 80),
    body text not null check (length(body) between 1 and 5000),
    lang language not null,
    version integer not null default 1 check (version > 0),
    changed_at timestamptz not null,
    changed_by uuid references staff
);
create unique index saved_reply_title on saved_reply (lang, lower(title));

-- How often each step of a guide was opened on a day; nothing tells who. See src/visits.rs.
create table guide_visit (
    day date not null,
    -- the walk's address without the language, such as `outgoing/yes/abroad`
    path text not null check (length(path) between 1 and 500),
    visits bigint not null check (visits > 0),
    primary key (day, path)
);
