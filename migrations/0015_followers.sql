-- Who has no ticket can hear of an incident, too: an e-mail address, confirmed by a link in a letter and taken back by a link in
-- each. See src/incidents/following.rs.

-- The letter that asks whether the address is right; used from the next transaction on.
alter type letter_kind add value 'incident_follow';

create table incident_follower (
    id bigint generated always as identity primary key,
    incident_id bigint not null references incident on delete cascade,
    email text not null check (length(email) between 3 and 254),
    lang language not null,
    -- when it was asked for last, and how often: nobody fills another's mailbox
    asked_at timestamptz not null,
    asked smallint not null default 1 check (asked > 0),
    -- when somebody who reads its mail said so; until then it gets nothing but that question
    confirmed_at timestamptz
);
create unique index incident_follower_once on incident_follower (incident_id, lower(email));

-- A letter goes to a ticket's customer or to who follows an incident; with the follower all letters to them are forgotten.
alter table letter
    alter column ticket_id drop not null,
    add column follower_id bigint references incident_follower on delete cascade,
    add constraint letter_has_one_reader check ((ticket_id is null) <> (follower_id is null));
create index letter_of_follower on letter (follower_id, id) where follower_id is not null;

-- How many had said "me too" when their marks were forgotten.
alter table incident add column visitors integer not null default 0 check (visitors >= 0);
