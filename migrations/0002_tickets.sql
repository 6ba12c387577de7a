-- Tickets, their events, further call examples, and bulk actions on tickets.
--
-- A ticket is one concrete call that failed, or one SIP account that is logged out. Every change to a ticket is one
-- row in ticket_event, written by the same statement that updates the ticket and increments its version. An update
-- that carries an older version is refused.
--
-- Checks depend on the channel: a form always has the required fields; a ticket from an e-mail may have any part of
-- them, and staff complete it later.

create type ticket_category as enum (
    'logged-out', 'audio', 'incoming', 'outgoing',
    -- an e-mail that does not say what failed
    'unknown'
);
create type ticket_status as enum ('new', 'open', 'waiting', 'resolved', 'spam', 'duplicate');
create type ticket_channel as enum ('web', 'phone', 'chat', 'email');
create type service as enum ('virtual-pbx', 'mini-voip', 'single-number', 'unknown');
create type party_kind as enum ('number', 'short', 'account', 'withheld');
create type call_precision as enum ('exact', '5min', '30min');
create type billing_entry as enum ('yes', 'no', 'unknown');
create type audio_symptom as enum ('none', 'one-way-me', 'one-way-them', 'choppy', 'echo', 'noise', 'dropped', 'delay');
create type actor as enum ('customer', 'staff', 'system');
-- what identifies a call in the call records: staff may request each of these from the customer
create type call_detail as enum ('caller', 'callee', 'time', 'message');
-- fields that can be extracted from an e-mail without being certain
create type inferred_field as enum ('category', 'caller', 'callee', 'call_time', 'error_text', 'symptom', 'account');

-- Normalizes text for full-text search: lower case, no Polish diacritics, independent of the database's locale.
-- Punctuation becomes a space, or "SIP/2.0" would be one word. It is removed by a regular expression first:
-- `translate` compares each character with all of its characters, and a long list makes it three times slower.
create function search_text(text) returns text language sql immutable parallel safe
return translate(
    lower(regexp_replace($1, '[!-/:-@[-`{-~„”“’‘«»–—…→\u00a0]+', ' ', 'g')),
    'ĄĆĘŁŃÓŚŹŻąćęłńóśźż',
    'acelnoszzacelnoszz'
);

create table ticket (
    -- UUID version 7: sorting by id is sorting by arrival
    id uuid primary key,
    -- ten characters of Crockford base 32, without prefix and dashes; the last one is a check character
    reference text not null unique check (reference ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
    category ticket_category not null,
    status ticket_status not null default 'new',
    channel ticket_channel not null,
    lang language not null,
    service service not null,

    -- The call. *_raw is the customer's input; the column without suffix is the normalized value: E.164 with the plus,
    -- a short code or a SIP account.
    caller_kind party_kind,
    caller text,
    caller_extension text,
    caller_raw text,
    callee_kind party_kind check (callee_kind <> 'withheld'),
    callee text,
    callee_extension text,
    callee_raw text,
    call_at timestamptz,
    call_precision call_precision,
    in_billing billing_entry,
    symptom audio_symptom,

    -- the account that is logged out
    account text,
    device text check (length(device) between 1 and 200),
    public_ip inet,

    error_text text check (length(error_text) between 1 and 1000),
    -- the SIP status code found in error_text
    sip_code smallint check (sip_code between 400 and 699),
    description text check (length(description) between 1 and 5000),

    -- the reporter
    email text check (email like '_%@_%' and length(email) <= 254),
    phone text check (phone ~ '^\+[0-9]{7,15}$'),
    client_ip inet not null,
    user_agent text not null check (length(user_agent) <= 300),
    -- the path through a troubleshooting guide, and its questions and answers as they were worded then
    trail text check (length(trail) <= 500),
    guide_answers jsonb not null default '[]' check (jsonb_typeof(guide_answers) = 'array'),

    -- Only hashes, so that a copy of this table opens no ticket page.
    submission_hash bytea not null unique check (length(submission_hash) = 32),
    form_hash bytea not null check (length(form_hash) = 32),
    access_key_hash bytea not null check (length(access_key_hash) = 32),
    -- how often the access key was rotated; the key is derived from it
    access_key_generation integer not null default 0 check (access_key_generation >= 0),

    -- open requests to the customer
    requested_details call_detail[] not null default '{}',
    -- extracted from an e-mail and not confirmed by staff yet
    inferred_fields inferred_field[] not null default '{}',

    assignee uuid references staff,
    -- the main ticket of a duplicate; a main ticket is never a duplicate itself
    merged_into uuid references ticket,
    created_at timestamptz not null,
    updated_at timestamptz not null check (updated_at >= created_at),
    -- since when the customer has been waiting for staff
    awaiting_staff_since timestamptz not null,
    -- when a ticket with status 'waiting' returns to the queue by itself
    snoozed_until timestamptz,
    -- when staff first replied or resolved
    first_response_at timestamptz,
    resolved_at timestamptz,
    -- incremented by every change
    version integer not null default 1 check (version > 0),

    -- digits only, searched by prefix and by suffix
    caller_digits text generated always as (
        nullif(regexp_replace(coalesce(caller, account), '[^0-9]', '', 'g'), '')
    ) stored,
    callee_digits text generated always as (nullif(regexp_replace(callee, '[^0-9]', '', 'g'), '')) stored,
    search_vector tsvector generated always as (
        to_tsvector('simple', search_text(coalesce(error_text, '') || ' ' || coalesce(description, '')))
    ) stored,

    -- staff may enter a report of a caller who leaves no contact
    constraint ticket_has_contact check (email is not null or phone is not null or channel <> 'web'),
    constraint ticket_has_required_fields check (
        case
            when channel = 'email' then
                (caller_kind is null) = (caller_raw is null) and (callee_kind is null) = (callee_raw is null)
                and (call_at is null) = (call_precision is null)
            when category = 'logged-out' then
                account is not null and caller_kind is null and callee_kind is null and call_at is null
            else
                category::text <> 'unknown' and account is null and caller_kind is not null and callee_kind is not null
                and caller_raw is not null and callee is not null and callee_raw is not null
                and call_at is not null and call_precision is not null and in_billing is not null
        end
    ),
    constraint ticket_caller_matches_kind check ((caller_kind = 'withheld') = (caller is null) or caller_kind is null),
    constraint ticket_symptom_only_for_audio check (
        case when channel = 'email' then symptom is null or category = 'audio'
        else (symptom is not null) = (category = 'audio') end
    ),
    constraint ticket_inferred_fields_only_from_email check (inferred_fields = '{}' or channel = 'email'),
    constraint ticket_new_is_unassigned check (status <> 'new' or assignee is null),
    constraint ticket_not_merged_into_itself check (merged_into <> id),
    constraint ticket_duplicate_has_main check (
        case when status = 'duplicate' then merged_into is not null else merged_into is null or status = 'resolved' end
    ),
    constraint ticket_snoozed_only_while_waiting check (snoozed_until is null or status = 'waiting'),
    constraint ticket_resolved_at_matches_status check ((status = 'resolved') = (resolved_at is not null))
)
-- The statistics are read by index-only scans, which need a recent visibility map. The default scale factor of 0.2
-- would leave months of tickets unvacuumed; 0.02 of a year's tickets is a week.
with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- The queue. One index for each combination of filter and order: it starts with the columns that a view fixes and ends
-- with the order, so that a page reads only its own rows however many tickets there are.
create index ticket_by_awaiting_staff on ticket (status, category, awaiting_staff_since, id);
create index ticket_by_arrival on ticket (status, category, id);
create index ticket_by_call_time on ticket (status, category, (coalesce(call_at, created_at)), id);
create index ticket_any_status_by_awaiting_staff on ticket (awaiting_staff_since, id);
create index ticket_any_status_by_call_time on ticket ((coalesce(call_at, created_at)), id);
create index ticket_assigned_by_awaiting_staff on ticket (assignee, status, category, awaiting_staff_since, id)
where assignee is not null;
create index ticket_assigned_by_arrival on ticket (assignee, status, category, id) where assignee is not null;
create index ticket_assigned_by_call_time on ticket (assignee, status, category, (coalesce(call_at, created_at)), id)
where assignee is not null;
-- New tickets are never assigned, so these leave them to the indexes above.
create index ticket_unassigned_by_awaiting_staff on ticket (status, category, awaiting_staff_since, id)
where assignee is null and status <> 'new';
create index ticket_unassigned_by_arrival on ticket (status, category, id) where assignee is null and status <> 'new';
create index ticket_unassigned_by_call_time on ticket (status, category, (coalesce(call_at, created_at)), id)
where assignee is null and status <> 'new';
-- the next ticket for "take next"
create index ticket_next_new on ticket (awaiting_staff_since, id) where status = 'new';
create index ticket_snooze_due on ticket (snoozed_until) where snoozed_until is not null;
create index ticket_by_merged_into on ticket (merged_into) where merged_into is not null;

-- Search. A value may match thousands of tickets, so the indexes end with the id: the newest come first.
create index ticket_by_caller_digits on ticket (caller_digits text_pattern_ops, id);
create index ticket_by_caller_digits_reversed on ticket (reverse(caller_digits) text_pattern_ops);
create index ticket_by_callee_digits on ticket (callee_digits text_pattern_ops, id);
create index ticket_by_callee_digits_reversed on ticket (reverse(callee_digits) text_pattern_ops);
create index ticket_by_account on ticket (account, id) where account is not null;
create index ticket_by_caller_account on ticket (caller, id) where caller_kind = 'account';
create index ticket_by_callee_account on ticket (callee, id) where callee_kind = 'account';
create index ticket_by_email on ticket (lower(email), id) where email is not null;
create index ticket_by_client_ip on ticket (client_ip, id);
create index ticket_by_public_ip on ticket (public_ip, id) where public_ip is not null;
create index ticket_by_sip_code on ticket (sip_code, (coalesce(call_at, created_at)), id) where sip_code is not null;
create index ticket_by_search_vector on ticket using gin (search_vector);

-- Statistics over a period, read without the table. New entries go to its end, so an insert costs little.
create index ticket_stats on ticket (created_at)
include (status, category, symptom, sip_code, callee, first_response_at, resolved_at, merged_into, trail);

create table ticket_event (
    id bigint generated always as identity primary key,
    ticket_id uuid not null references ticket on delete cascade,
    at timestamptz not null,
    actor actor not null,
    staff_id uuid references staff,
    -- the event: its `kind` and the fields of that kind
    payload jsonb not null check (coalesce(jsonb_typeof(payload -> 'kind'), '') = 'string'),
    -- the id of the form: sent twice, it has one effect
    submission uuid,
    -- the bulk action that it is part of; it outlives that row
    bulk_action_id uuid,
    constraint ticket_event_staff_actor_has_staff_id check ((actor = 'staff') = (staff_id is not null))
);
create index ticket_event_by_ticket on ticket_event (ticket_id, id);
create unique index ticket_event_by_submission on ticket_event (submission) where submission is not null;

-- A further call with the same problem, which the customer added on the ticket's page.
create table call_example (
    id uuid primary key,
    ticket_id uuid not null references ticket on delete cascade,
    added_at timestamptz not null,
    caller_kind party_kind not null,
    caller text,
    caller_extension text,
    caller_raw text not null,
    callee_kind party_kind not null check (callee_kind <> 'withheld'),
    callee text not null,
    callee_extension text,
    callee_raw text not null,
    call_at timestamptz not null,
    call_precision call_precision not null,
    error_text text check (length(error_text) between 1 and 1000),
    sip_code smallint check (sip_code between 400 and 699),

    -- for search, as in ticket
    caller_digits text generated always as (nullif(regexp_replace(caller, '[^0-9]', '', 'g'), '')) stored,
    callee_digits text generated always as (nullif(regexp_replace(callee, '[^0-9]', '', 'g'), '')) stored,

    constraint call_example_caller_matches_kind check ((caller_kind = 'withheld') = (caller is null))
);
create index call_example_by_ticket on call_example (ticket_id, id);
create index call_example_by_caller_digits on call_example (caller_digits text_pattern_ops, id);
create index call_example_by_caller_digits_reversed on call_example (reverse(caller_digits) text_pattern_ops);
create index call_example_by_callee_digits on call_example (callee_digits text_pattern_ops, id);
create index call_example_by_callee_digits_reversed on call_example (reverse(callee_digits) text_pattern_ops);
create index call_example_by_caller_account on call_example (caller, id) where caller_kind = 'account';
create index call_example_by_callee_account on call_example (callee, id) where callee_kind = 'account';

-- A staff action on many tickets, stored for as long as it can be undone.
create table bulk_action (
    -- derived from the id of its form: sent twice, it is applied once
    id uuid primary key,
    staff_id uuid not null references staff,
    at timestamptz not null,
    -- what was requested, and the outcome for each ticket
    summary jsonb not null,
    undone_at timestamptz,
    -- how many tickets were restored
    undone_count integer,
    constraint bulk_action_undone_count_matches_undone_at check ((undone_at is null) = (undone_count is null))
);
create index bulk_action_by_time on bulk_action (at);

-- The state of each ticket before the action.
create table bulk_action_ticket (
    bulk_action_id uuid not null references bulk_action on delete cascade,
    ticket_id uuid not null references ticket on delete cascade,
    -- selected by the user; other tickets changed with it, such as the duplicates of a ticket that was resolved
    requested boolean not null,
    -- the ticket's version after the action: a ticket that has changed since is not restored
    version integer not null,
    status ticket_status not null,
    assignee uuid references staff,
    awaiting_staff_since timestamptz not null,
    snoozed_until timestamptz,
    resolved_at timestamptz,
    merged_into uuid references ticket,
    primary key (bulk_action_id, ticket_id)
);

-- The rows of a batch insert, passed as one array: PostgreSQL reads it a quarter faster than JSON. A program sends all
-- of the attributes in this order, so a new attribute needs a new type beside this one for as long as the previous
-- release may still run.
create type new_ticket as (
    id uuid,
    reference text,
    category ticket_category,
    status ticket_status,
    channel ticket_channel,
    lang language,
    service service,
    caller_kind party_kind,
    caller text,
    caller_extension text,
    caller_raw text,
    callee_kind party_kind,
    callee text,
    callee_extension text,
    callee_raw text,
    call_at timestamptz,
    call_precision call_precision,
    in_billing billing_entry,
    symptom audio_symptom,
    account text,
    device text,
    public_ip inet,
    error_text text,
    sip_code smallint,
    description text,
    email text,
    phone text,
    client_ip inet,
    user_agent text,
    trail text,
    guide_answers jsonb,
    submission_hash bytea,
    form_hash bytea,
    access_key_hash bytea,
    at timestamptz
);

-- Tells listeners to read again what they show. It sends one message per transaction, since PostgreSQL drops
-- duplicates. Every command updates the ticket's row, at least its version, so this trigger covers events too.
create function notify_ticket_change() returns trigger language plpgsql as $$
begin
    perform pg_notify('ticket_changed', '');
    return null;
end
$$;
create trigger ticket_notify_change after insert or update on ticket
    for each statement execute function notify_ticket_change();
