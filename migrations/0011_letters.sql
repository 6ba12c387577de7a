-- Letters to customers, written by the same statement as the event that they tell of. What a letter says is put together
-- when it is sent, so writing one costs little. See src/tickets/letter.rs (which event means which letter) and src/letters.

create type letter_kind as enum (
    'received', 'answered', 'asked', 'resolved', 'reopened',
    -- the way to the ticket's page, for a customer who has lost it
    'link',
    'incident_update', 'incident_resolved'
);
create type letter_state as enum (
    'waiting',
    -- its text is being handed to the mail server: from here on nobody knows whether it went, until the server says so
    'sending',
    'sent',
    -- a person has to decide
    'stuck',
    -- never to be sent: what it tells of was taken back, or a person gave it up
    'dropped'
);
create type letter_trouble as enum (
    -- the mail server can't be reached or does not take letters from us
    'server',
    -- the server said: not now
    'later',
    -- the server said: never
    'refused',
    -- the text was handed over and no answer came
    'unsure',
    -- it can't be put together, or its address is none
    'unwritable',
    -- it could not be sent for days
    'late'
);

create table letter (
    id bigint generated always as identity primary key,
    -- whose customer it goes to
    ticket_id uuid not null references ticket on delete cascade,
    -- what it tells of: an event of this ticket, or of the one that it is a duplicate of
    event_id bigint,
    kind letter_kind not null,
    state letter_state not null default 'waiting',
    created_at timestamptz not null,
    -- not sent before
    next_at timestamptz not null,
    -- when a person wanted it sent again: the days before it is given up count from here
    again_at timestamptz,
    attempts smallint not null default 0 check (attempts >= 0),
    -- goes up whenever a program takes the letter: one that was too slow notices that it has it no more
    claim integer not null default 0,
    claimed_until timestamptz,
    trouble letter_trouble,
    -- what the mail server said, for staff
    said text check (length(said) <= 500),
    message_id text check (length(message_id) <= 300),
    -- the message that it answers, where the ticket came by mail
    in_reply_to text check (length(in_reply_to) <= 1000),
    sent_at timestamptz,
    -- who gave it up or wanted it sent again
    staff_id uuid references staff,
    constraint letter_sent_once_sent check ((state = 'sent') = (sent_at is not null)),
    constraint letter_stuck_for_a_reason check (state <> 'stuck' or trouble is not null),
    constraint letter_sending_is_somebodys check (state <> 'sending' or (claimed_until is not null and message_id is not null))
);
create index letter_of_ticket on letter (ticket_id, id);
create index letter_due on letter (next_at, id) where state in ('waiting', 'sending');
create index letter_stuck on letter (id) where state = 'stuck';
