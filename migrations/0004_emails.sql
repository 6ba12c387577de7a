-- Outgoing e-mail: a queue with one row per message.
--
-- The row is written by the same statement as the event that causes it, so neither exists without the other. The text
-- is composed when the message is sent, which keeps the write cheap. A message is never sent twice: it is marked as
-- 'sending' before its text goes to the mail server, and one that is found in that state later is for staff to decide.

create type email_kind as enum (
    'received', 'replied', 'detail_requested', 'resolved', 'reopened',
    -- the link to the ticket's page, for a customer who has lost it
    'access_link',
    'incident_update', 'incident_resolved',
    -- asks to confirm a subscription
    'incident_subscription'
);
create type email_state as enum (
    'queued',
    -- the text is going to the mail server: until the server responds, it is unknown whether it was accepted
    'sending',
    'sent',
    -- staff have to decide
    'failed',
    -- will not be sent: the event was undone, or staff cancelled it
    'cancelled'
);
create type delivery_failure as enum (
    -- the mail server is unreachable or refuses this client
    'server_unavailable',
    -- a temporary SMTP error for this message
    'deferred',
    -- a permanent SMTP error for this message, or a bounce
    'rejected',
    -- the text was sent and the server did not respond
    'unconfirmed',
    -- the message can't be composed, or the address is invalid
    'invalid',
    -- not delivered within the retry period
    'expired'
);

create table outgoing_email (
    id bigint generated always as identity primary key,
    -- The recipient: the customer of a ticket, or a subscriber of an incident. It is deleted with either.
    ticket_id uuid references ticket on delete cascade,
    subscriber_id bigint references incident_subscriber on delete cascade,
    -- the event that it reports: of this ticket, or of the main ticket of this duplicate
    event_id bigint,
    incident_update_id bigint references incident_update,
    -- SHA-256 of the address: an incident update goes to each address once, however many tickets it has
    recipient_hash bytea check (length(recipient_hash) = 32),
    kind email_kind not null,
    state email_state not null default 'queued',
    created_at timestamptz not null,
    -- not sent before this time
    next_attempt_at timestamptz not null,
    -- when staff requested another attempt: the retry period starts again from here
    retry_requested_at timestamptz,
    attempts smallint not null default 0 check (attempts >= 0),
    -- Incremented whenever a process claims the row. A process that was too slow sees that it no longer holds the
    -- claim.
    claim integer not null default 0,
    claimed_until timestamptz,
    failure delivery_failure,
    -- the mail server's last response, for staff
    server_response text check (length(server_response) <= 500),
    message_id text check (length(message_id) <= 300),
    -- the inbound message that it replies to
    in_reply_to text check (length(in_reply_to) <= 1000),
    sent_at timestamptz,
    -- who cancelled it or requested another attempt
    staff_id uuid references staff,
    constraint outgoing_email_has_one_recipient check ((ticket_id is null) <> (subscriber_id is null)),
    constraint outgoing_email_incident_has_recipient_hash
        check ((incident_update_id is null) = (recipient_hash is null)),
    constraint outgoing_email_sent_at_matches_state check ((state = 'sent') = (sent_at is not null)),
    constraint outgoing_email_failed_has_failure check (state <> 'failed' or failure is not null),
    constraint outgoing_email_sending_is_claimed
        check (state <> 'sending' or (claimed_until is not null and message_id is not null))
);
create index outgoing_email_by_ticket on outgoing_email (ticket_id, id);
create index outgoing_email_by_subscriber on outgoing_email (subscriber_id, id) where subscriber_id is not null;
create index outgoing_email_due on outgoing_email (next_attempt_at, id) where state in ('queued', 'sending');
create index outgoing_email_failed on outgoing_email (id) where state = 'failed';
create unique index outgoing_email_incident_update_recipient on outgoing_email (incident_update_id, recipient_hash)
where incident_update_id is not null;
