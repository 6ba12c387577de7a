-- Inbound mail: every message that arrived, and what it became.
--
-- A message opens a ticket, is added to one, is discarded by a rule, or can't be parsed and waits for staff. Discarded
-- messages are stored too, so that staff can see why an e-mail had no effect. The original bytes are purged before the
-- row is.

create type mail_disposition as enum ('ticket', 'message', 'bounce', 'automatic', 'loop', 'flood', 'unreadable');

create table inbound_mail (
    id uuid primary key,
    at timestamptz not null,
    -- SHA-256 of the Message-ID, or of the whole message if it has none: a message is accepted once
    identity_hash bytea not null unique check (length(identity_hash) = 32),
    -- SHA-256 of the content: tells a second copy from another message with the same Message-ID
    content_hash bytea not null check (length(content_hash) = 32),
    disposition mail_disposition not null,
    -- the name of the rule that decided
    rule text not null check (rule ~ '^[a-z0-9-]{1,40}$'),
    ticket_id uuid references ticket on delete cascade,
    -- sent to a signed reply address, or from the ticket's own address: the ticket's customer wrote it
    trusted boolean not null default false,
    sender text not null check (length(sender) <= 254),
    sender_name text not null check (length(sender_name) <= 200),
    subject text not null check (length(subject) <= 500),
    -- the text of the sender, and the text that it quotes
    body text not null check (length(body) <= 200000),
    quoted text not null check (length(quoted) <= 200000),
    -- name, type and size of each
    attachments jsonb not null default '[]' check (jsonb_typeof(attachments) = 'array'),
    -- how often the same message arrived again
    duplicate_count integer not null default 0 check (duplicate_count >= 0),
    -- of the original message, in bytes
    size bigint not null check (size >= 0),
    -- the original message, or its beginning if it was too long; null once purged
    raw bytea,
    -- when staff handled a message that could not be parsed, and who
    handled_at timestamptz,
    handled_by uuid references staff,
    constraint inbound_mail_disposition_has_ticket
        check ((disposition in ('ticket', 'message')) <= (ticket_id is not null)),
    constraint inbound_mail_handled_by_matches_handled_at check ((handled_at is null) = (handled_by is null))
);
create index inbound_mail_by_time on inbound_mail (at desc, id desc);
create index inbound_mail_by_disposition on inbound_mail (disposition, at desc, id desc);
-- the rate limit per sender
create index inbound_mail_by_sender on inbound_mail (sender, at);
create index inbound_mail_by_ticket on inbound_mail (ticket_id, at) where ticket_id is not null;
create index inbound_mail_unhandled on inbound_mail (at) where disposition = 'unreadable' and handled_at is null;
create index inbound_mail_with_raw on inbound_mail (at) where raw is not null;
