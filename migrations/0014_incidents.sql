-- Incidents: trouble that many have at once. Staff publish it, tickets join it, and what staff write about it goes to all
-- who joined. See src/incidents and src/tickets/incident.rs.

create type incident_state as enum (
    -- put together by the program from tickets that look alike; a person decides
    'proposed', 'dismissed',
    'draft', 'published',
    -- over for everybody who asks; the tickets that joined are being resolved, lot by lot
    'resolving',
    'resolved'
);

create table incident (
    id bigint generated always as identity primary key,
    -- the form that it was written in: sent twice, it is one
    submission uuid unique,
    state incident_state not null,
    title_pl text not null check (length(title_pl) <= 120),
    title_en text not null check (length(title_en) <= 120),
    text_pl text not null check (length(text_pl) <= 5000),
    text_en text not null check (length(text_en) <= 5000),
    -- what it concerns; none of a kind is all of that kind
    categories ticket_category[] not null default '{}',
    -- digits that the number B begins with, with the country's code and no plus
    prefixes text[] not null default '{}' check (array_to_string(prefixes, ',') ~ '^([0-9]{1,15}(,|$))*$'),
    addresses cidr[] not null default '{}',
    codes smallint[] not null default '{}',
    began_at timestamptz not null,
    -- when it is expected to be over
    until timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by uuid references staff,
    published_at timestamptz,
    resolved_at timestamptz,
    -- when a person said that the tickets of a proposal are one incident
    confirmed_at timestamptz,
    -- what the tickets of a proposal have in common, as src/incidents/alike.rs writes it
    alike text,
    -- until when tickets were looked through for those that belong to it
    looked_at timestamptz,
    version integer not null default 1 check (version > 0),
    constraint incident_says_what check (
        state in ('proposed', 'dismissed', 'draft') or '' not in (title_pl, title_en, text_pl, text_en)
    ),
    constraint incident_ends_after_it_began check (until > began_at),
    constraint incident_published_once_published check (
        (published_at is not null) = (state in ('published', 'resolving', 'resolved'))
    ),
    constraint incident_resolved_once_resolved check ((resolved_at is not null) = (state in ('resolving', 'resolved'))),
    constraint incident_proposed_for_a_reason check (state not in ('proposed', 'dismissed') or alike is not null)
);
create index incident_by_state on incident (state, id desc);
-- two programs that see the same tickets propose them once
create unique index incident_proposed on incident (alike) where state = 'proposed';

-- What staff wrote to all who joined; the last one says that it is over.
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
create index incident_update_of_incident on incident_update (incident_id, id);
create unique index incident_update_last on incident_update (incident_id) where is_last;

create type incident_how as enum (
    -- its customer said so
    'customer',
    'staff',
    -- it was in a proposal that a person confirmed
    'matched'
);
create table incident_ticket (
    incident_id bigint not null references incident on delete cascade,
    ticket_id uuid not null references ticket on delete cascade,
    how incident_how not null,
    at timestamptz not null,
    staff_id uuid references staff,
    -- the change of many tickets that it was part of
    bulk_id uuid,
    -- when the incident was over for this ticket
    ended_at timestamptz,
    primary key (incident_id, ticket_id)
);
-- who is first, has it
create unique index incident_ticket_once on incident_ticket (ticket_id) where ended_at is null;
create index incident_ticket_open on incident_ticket (incident_id, ticket_id) where ended_at is null;

-- Tickets that look as if they belong to an incident; a person decides.
create table incident_candidate (
    incident_id bigint not null references incident on delete cascade,
    ticket_id uuid not null references ticket on delete cascade,
    at timestamptz not null,
    declined_at timestamptz,
    primary key (incident_id, ticket_id)
);
create index incident_candidate_of_ticket on incident_candidate (ticket_id);

-- Visitors who said "me too" and nothing else, each once; nothing tells who.
create table incident_visitor (
    incident_id bigint not null references incident on delete cascade,
    -- a mark of the address and the browser, made with the portal's secret
    visitor text not null check (length(visitor) = 16),
    at timestamptz not null,
    primary key (incident_id, visitor)
);

-- A letter about an incident: one to each address, whatever that address reported.
alter table letter
    add column incident_update_id bigint references incident_update,
    add column addressee bytea check (length(addressee) = 32),
    add constraint letter_of_incident_has_its_addressee check ((incident_update_id is null) = (addressee is null));
create unique index letter_of_incident_once on letter (incident_update_id, addressee) where incident_update_id is not null;

-- What everybody can read has changed: programs keep it in memory.
create function tell_of_incidents() returns trigger language plpgsql as $$
begin
    perform pg_notify('incident', '');
    return null;
end
$$;
create trigger incident_tells after insert or delete or update of state, title_pl, title_en, text_pl, text_en, categories,
    prefixes, addresses, began_at, until, version
    on incident for each statement execute function tell_of_incidents();
create trigger incident_update_tells after insert or update or delete on incident_update
    for each statement execute function tell_of_incidents();
