-- The ticket: one concrete call that failed (or an account that is logged out), and every change to it as an event.

create type ticket_category as enum ('logged-out', 'audio', 'incoming', 'outgoing');
create type ticket_status as enum ('new', 'open', 'waiting', 'resolved', 'spam');
create type ticket_channel as enum ('web', 'phone', 'chat', 'email');
create type service as enum ('virtual-pbx', 'mini-voip', 'single-number', 'unknown');
create type party_kind as enum ('number', 'short', 'account', 'withheld');
create type call_precision as enum ('exact', '5min', '30min');
create type billing_entry as enum ('yes', 'no', 'unknown');
create type audio_symptom as enum ('none', 'one-way-me', 'one-way-them', 'choppy', 'echo', 'noise', 'dropped', 'delay');

create table ticket (
    id uuid primary key,
    -- without the prefix and the dashes; see src/tickets/reference.rs
    reference text not null unique check (reference ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
    category ticket_category not null,
    status ticket_status not null default 'new',
    channel ticket_channel not null,
    lang language not null,
    service service not null,

    -- the call: how it was typed, and what it means (E.164 with its plus, short code or SIP account)
    caller_kind party_kind,
    caller text,
    caller_extension text,
    caller_typed text,
    callee_kind party_kind check (callee_kind <> 'withheld'),
    callee text,
    callee_extension text,
    callee_typed text,
    call_at timestamptz,
    call_precision call_precision,
    in_billing billing_entry,
    symptom audio_symptom,

    -- the account that is logged out
    account text,
    device text check (length(device) between 1 and 200),
    public_ip inet,

    error_text text check (length(error_text) between 1 and 1000),
    description text check (length(description) between 1 and 5000),

    -- who reported
    email text check (email like '_%@_%' and length(email) <= 254),
    phone text check (phone ~ '^\+[0-9]{7,15}$'),
    client_ip inet not null,
    client_agent text not null check (length(client_agent) <= 300),
    -- the walk through a guide: its address, and the questions and answers as they were then
    trail text check (length(trail) <= 500),
    answers jsonb not null default '[]' check (jsonb_typeof(answers) = 'array'),

    -- only hashes: a copy of this table opens no ticket page
    submission_hash bytea not null unique check (length(submission_hash) = 32),
    form_hash bytea not null check (length(form_hash) = 32),
    key_hash bytea not null check (length(key_hash) = 32),

    assignee uuid references staff,
    created_at timestamptz not null,
    updated_at timestamptz not null check (updated_at >= created_at),
    -- since when the ticket has been waiting for staff
    waiting_since timestamptz not null,
    resolved_at timestamptz,
    -- goes up with every change: a form that was drawn before the change carries an older one
    version integer not null default 1 check (version > 0),

    -- what staff search by: digits only, matched from both ends
    caller_digits text generated always as (nullif(regexp_replace(coalesce(caller, account), '[^0-9]', '', 'g'), '')) stored,
    callee_digits text generated always as (nullif(regexp_replace(callee, '[^0-9]', '', 'g'), '')) stored,

    constraint ticket_can_be_answered check (email is not null or phone is not null),
    constraint ticket_tells_what_failed check (
        case category
            when 'logged-out' then
                account is not null and caller_kind is null and callee_kind is null and call_at is null
            else
                account is null and caller_kind is not null and callee_kind is not null
                and caller_typed is not null and callee is not null and callee_typed is not null
                and call_at is not null and call_precision is not null and in_billing is not null
        end
    ),
    constraint ticket_caller_is_whole check ((caller_kind = 'withheld') = (caller is null) or caller_kind is null),
    constraint ticket_symptom_is_of_audio check ((symptom is not null) = (category = 'audio')),
    constraint ticket_resolved_once_resolved check ((status = 'resolved') = (resolved_at is not null))
);

-- One index a way of reading the queue; a view's page is a walk along it. See src/desk/store.rs.
create index ticket_by_status_waiting on ticket (status, waiting_since, id);
create index ticket_by_status_created on ticket (status, created_at desc, id desc);
create index ticket_by_assignee on ticket (assignee, waiting_since, id) where status in ('new', 'open', 'waiting');
create index ticket_by_created on ticket (created_at desc, id desc);
create index ticket_by_caller on ticket (caller_digits text_pattern_ops);
create index ticket_by_caller_end on ticket (reverse(caller_digits) text_pattern_ops);
create index ticket_by_callee on ticket (callee_digits text_pattern_ops);
create index ticket_by_callee_end on ticket (reverse(callee_digits) text_pattern_ops);
create index ticket_by_account on ticket (account) where account is not null;
create index ticket_by_caller_account on ticket (caller) where caller_kind = 'account';
create index ticket_by_callee_account on ticket (callee) where callee_kind = 'account';
create index ticket_by_email on ticket (lower(email)) where email is not null;

create type actor as enum ('customer', 'staff', 'system');

create table ticket_event (
    id bigint generated always as identity primary key,
    ticket_id uuid not null references ticket on delete cascade,
    at timestamptz not null,
    actor actor not null,
    staff_id uuid references staff,
    -- what happened, as src/tickets/event.rs reads it
    what jsonb not null check (coalesce(jsonb_typeof(what -> 'kind'), '') = 'string'),
    -- the id of the form it was written in: sent twice, a note is one note
    submission uuid,
    constraint event_of_staff_has_its_person check ((actor = 'staff') = (staff_id is not null))
);
create index ticket_event_by_ticket on ticket_event (ticket_id, id);
create unique index ticket_event_by_submission on ticket_event (submission) where submission is not null;

-- The portal's own secret: ticket keys are made from it and from what only the reporter's browser knows.
create table secret (
    only_row boolean primary key default true check (only_row),
    value bytea not null check (length(value) = 32)
);
insert into secret (value)
values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
