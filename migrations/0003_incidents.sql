-- Incidents: problems that affect many customers at once.
--
-- Staff publish an incident, tickets join it, and an update reaches all reporters and subscribers. A job proposes
-- incidents and candidate tickets from similar reports; only staff confirm them. Resolving an incident resolves its
-- tickets in batches, so 'resolving' is a state of its own.

create type incident_state as enum (
    -- created by the detection job; staff decide
    'proposed', 'dismissed',
    'draft', 'published',
    -- resolved for the public; its tickets are being resolved in batches
    'resolving',
    'resolved'
);
create type incident_join_source as enum (
    -- the customer chose the incident
    'customer',
    'staff',
    -- part of a proposal that staff confirmed
    'matched'
);

create table incident (
    id bigint generated always as identity primary key,
    -- the id of the form: sent twice, it creates one incident
    submission uuid unique,
    state incident_state not null,
    title_pl text not null check (length(title_pl) <= 120),
    title_en text not null check (length(title_en) <= 120),
    text_pl text not null check (length(text_pl) <= 5000),
    text_en text not null check (length(text_en) <= 5000),
    -- the scope; an empty array does not restrict it
    categories ticket_category[] not null default '{}',
    -- prefixes of the called number: country code first, without the plus
    prefixes text[] not null default '{}' check (array_to_string(prefixes, ',') ~ '^([0-9]{1,15}(,|$))*$'),
    addresses cidr[] not null default '{}',
    codes smallint[] not null default '{}',
    began_at timestamptz not null,
    -- the expected end
    until timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    updated_by uuid references staff,
    published_at timestamptz,
    resolved_at timestamptz,
    -- when staff confirmed a proposal
    confirmed_at timestamptz,
    -- what the tickets of a proposal have in common
    fingerprint text,
    -- the detection job has matched all tickets that arrived before this time
    scanned_until timestamptz,
    -- the number of "me too" votes whose rows were purged
    archived_me_too_count integer not null default 0 check (archived_me_too_count >= 0),
    version integer not null default 1 check (version > 0),
    constraint incident_published_has_texts check (
        state in ('proposed', 'dismissed', 'draft') or '' not in (title_pl, title_en, text_pl, text_en)
    ),
    constraint incident_until_after_began_at check (until > began_at),
    constraint incident_published_at_matches_state check (
        (published_at is not null) = (state in ('published', 'resolving', 'resolved'))
    ),
    constraint incident_resolved_at_matches_state
        check ((resolved_at is not null) = (state in ('resolving', 'resolved'))),
    constraint incident_proposed_has_fingerprint
        check (state not in ('proposed', 'dismissed') or fingerprint is not null)
);
create index incident_by_state on incident (state, id desc);
-- two processes that detect the same cluster propose it once
create unique index incident_proposed_fingerprint on incident (fingerprint) where state = 'proposed';

-- A public update, sent to all reporters and subscribers. The last one resolves the incident.
create table incident_update (
    id bigint generated always as identity primary key,
    incident_id bigint not null references incident on delete cascade,
    submission uuid not null unique,
    at timestamptz not null,
    staff_id uuid not null references staff,
    text_pl text not null check (length(text_pl) between 1 and 5000),
    text_en text not null check (length(text_en) between 1 and 5000),
    is_last boolean not null default false
);
create index incident_update_by_incident on incident_update (incident_id, id);
create unique index incident_update_one_last on incident_update (incident_id) where is_last;

create table incident_ticket (
    incident_id bigint not null references incident on delete cascade,
    ticket_id uuid not null references ticket on delete cascade,
    join_source incident_join_source not null,
    at timestamptz not null,
    staff_id uuid references staff,
    -- the bulk action that it was part of; this outlives that row
    bulk_action_id uuid,
    -- when the incident ended for this ticket
    ended_at timestamptz,
    primary key (incident_id, ticket_id)
);
-- A ticket is part of one open incident at most. The unique index decides between two concurrent requests.
create unique index incident_ticket_one_open on incident_ticket (ticket_id) where ended_at is null;
create index incident_ticket_open on incident_ticket (incident_id, ticket_id) where ended_at is null;

-- Tickets that match an incident's scope. Staff add them or decline them; a declined one is not proposed again.
create table incident_candidate (
    incident_id bigint not null references incident on delete cascade,
    ticket_id uuid not null references ticket on delete cascade,
    at timestamptz not null,
    declined_at timestamptz,
    primary key (incident_id, ticket_id)
);
create index incident_candidate_by_ticket on incident_candidate (ticket_id);

-- Visitors who reported "me too" without a ticket. The hash is keyed, so that it does not identify anybody.
create table incident_me_too (
    incident_id bigint not null references incident on delete cascade,
    -- keyed hash of the IP address and the browser
    visitor_hash text not null check (length(visitor_hash) = 16),
    at timestamptz not null,
    primary key (incident_id, visitor_hash)
);

-- E-mail subscriptions of people without a ticket: confirmed through a link, and ended through a link in each e-mail.
create table incident_subscriber (
    id bigint generated always as identity primary key,
    incident_id bigint not null references incident on delete cascade,
    email text not null check (length(email) between 3 and 254),
    lang language not null,
    -- the last confirmation e-mail and their number, which is limited: it can't be used to flood a mailbox
    confirmation_sent_at timestamptz not null,
    confirmations_sent smallint not null default 1 check (confirmations_sent > 0),
    -- until then the address gets nothing but the confirmation e-mail
    confirmed_at timestamptz
);
create unique index incident_subscriber_email on incident_subscriber (incident_id, lower(email));

-- Tells processes that cache the public incidents to reload them.
create function notify_incident_change() returns trigger language plpgsql as $$
begin
    perform pg_notify('incident_changed', '');
    return null;
end
$$;
create trigger incident_notify_change after insert or delete or update of state, title_pl, title_en, text_pl, text_en,
    categories, prefixes, addresses, began_at, until, version
    on incident for each statement execute function notify_incident_change();
create trigger incident_update_notify_change after insert or update or delete on incident_update
    for each statement execute function notify_incident_change();
