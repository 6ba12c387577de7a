-- Addresses that the operator's network shuts out, as far as people and programs have told the portal, and the programs
-- that may tell it. See src/addresses and src/api.

create type block_reason as enum ('wrong-password', 'scanning', 'abuse', 'other');
create type block_source as enum ('staff', 'api', 'fail2ban', 'kamailio', 'import');
create type block_change as enum ('blocked', 'changed', 'unblocked');

-- A program that may speak to /api. Only the hash of its token is kept; one that was revoked stays, for the history.
create table api_token (
    id uuid primary key,
    name text not null check (name = btrim(name) and length(name) between 1 and 100),
    token_hash bytea not null unique check (length(token_hash) = 32),
    created_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
create unique index api_token_name on api_token (lower(name)) where revoked_at is null;

-- What is shut out, or was until a day ago. Who asks for one address looks it up under each prefix that it can have, 25 or
-- 113 of them, in the primary key: with a million entries this costs less than the containment operators on GiST do, and
-- a row less to put in.
create table blocked_address (
    -- one address or a block; nothing behind the mask, and none so wide that it can only be a mistake
    net inet primary key,
    reason block_reason not null,
    -- for staff
    note text check (length(note) between 1 and 500),
    source block_source not null,
    since timestamptz not null,
    -- null: until somebody lifts it
    until timestamptz,
    -- who wrote it last
    staff_id uuid references staff,
    token_id uuid references api_token,
    changed_at timestamptz not null,
    -- goes up with every change: a form that was drawn before the change carries an older one
    version integer not null default 1 check (version > 0),
    constraint blocked_address_is_a_network check (net = network(net)),
    constraint blocked_address_is_not_too_wide check (masklen(net) >= case family(net) when 4 then 8 else 16 end),
    constraint blocked_address_ends_after_it_begins check (until > since),
    constraint blocked_address_of_staff_has_its_person
        check ((source = 'staff') = (staff_id is not null) and (staff_id is null or token_id is null))
);
create index blocked_address_by_since on blocked_address (since, net);
create index blocked_address_by_source on blocked_address (source, since, net);
create index blocked_address_by_end on blocked_address (until, net) where until is not null;

-- Every block, change and unblock.
create table blocked_address_change (
    id bigint generated always as identity primary key,
    net inet not null,
    at timestamptz not null,
    what block_change not null,
    -- a program is the system
    actor actor not null,
    staff_id uuid references staff,
    token_id uuid references api_token,
    -- the entry as it became; as it was, where it was lifted
    reason block_reason not null,
    note text,
    source block_source not null,
    until timestamptz,
    -- why staff lifted it
    why text check (length(why) between 1 and 500),
    -- programs that read on from where they were must not miss what commits late
    tx xid8 not null default pg_current_xact_id(),
    constraint block_change_of_staff_has_its_person check ((actor = 'staff') = (staff_id is not null))
);
create index blocked_address_change_of on blocked_address_change (net, id);
-- how often somebody has helped themselves
create index blocked_address_change_by_customer on blocked_address_change (net, at) where actor = 'customer';
-- what people have lifted, for programs
create index blocked_address_change_by_people on blocked_address_change (tx, id)
where what = 'unblocked' and actor <> 'system';
create index blocked_address_change_in_time on blocked_address_change using brin (at);
