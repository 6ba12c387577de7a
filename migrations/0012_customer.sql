-- After the report: the customer's own page, where a customer can write, answer one question, and tell of another call.

-- What a call is found by; see src/tickets/findable.rs.
create type call_piece as enum ('caller', 'callee', 'time', 'message');

alter table ticket
    -- how often the key was replaced; see src/tickets/key.rs
    add column key_generation integer not null default 0 check (key_generation >= 0),
    -- what the customer was asked for and nobody has answered
    add column asked call_piece[] not null default '{}',
    -- in a chat or on the phone staff take reports of people who leave no address
    drop constraint ticket_can_be_answered,
    add constraint ticket_can_be_answered check (email is not null or phone is not null or channel <> 'web');

-- Another call of the same trouble, as the customer told of it on the ticket's page.
create table call_example (
    id uuid primary key,
    ticket_id uuid not null references ticket on delete cascade,
    added_at timestamptz not null,
    caller_kind party_kind not null,
    caller text,
    caller_extension text,
    caller_typed text not null,
    callee_kind party_kind not null check (callee_kind <> 'withheld'),
    callee text not null,
    callee_extension text,
    callee_typed text not null,
    call_at timestamptz not null,
    call_precision call_precision not null,
    error_text text check (length(error_text) between 1 and 1000),
    sip_code smallint check (sip_code between 400 and 699),

    -- what staff search by, as for tickets
    caller_digits text generated always as (nullif(regexp_replace(caller, '[^0-9]', '', 'g'), '')) stored,
    callee_digits text generated always as (nullif(regexp_replace(callee, '[^0-9]', '', 'g'), '')) stored,

    constraint example_caller_is_whole check ((caller_kind = 'withheld') = (caller is null))
);
create index call_example_of_ticket on call_example (ticket_id, id);
create index call_example_by_caller on call_example (caller_digits text_pattern_ops, id);
create index call_example_by_caller_end on call_example (reverse(caller_digits) text_pattern_ops);
create index call_example_by_callee on call_example (callee_digits text_pattern_ops, id);
create index call_example_by_callee_end on call_example (reverse(callee_digits) text_pattern_ops);
create index call_example_by_caller_account on call_example (caller, id) where caller_kind = 'account';
create index call_example_by_callee_account on call_example (callee, id) where callee_kind = 'account';
