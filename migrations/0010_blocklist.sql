-- The blocklist: addresses that the operator's network blocks, as reported by staff and by programs, and the history
-- of each entry. Expired entries are purged after a day.
--
-- The entries that cover an address are found by looking up each of its possible prefixes (25 for IPv4, 113 for IPv6)
-- in the primary key. With a million entries this is faster than the containment operators on a GiST index, and
-- inserts are cheaper.

create type block_reason as enum ('wrong-password', 'scanning', 'abuse', 'other');
create type block_source as enum ('staff', 'api', 'fail2ban', 'kamailio', 'import');
create type block_change_kind as enum ('blocked', 'changed', 'unblocked');

create table blocked_address (
    -- one address or a network without host bits; one that is very wide can only be a mistake
    net inet primary key,
    reason block_reason not null,
    -- for staff
    note text check (length(note) between 1 and 500),
    source block_source not null,
    since timestamptz not null,
    -- null: until it is unblocked
    until timestamptz,
    -- who changed it last
    staff_id uuid references staff,
    token_id uuid references api_token,
    updated_at timestamptz not null,
    -- incremented by every change; an update that carries an older version is refused
    version integer not null default 1 check (version > 0),
    constraint blocked_address_net_is_network check (net = network(net)),
    constraint blocked_address_net_not_too_wide check (masklen(net) >= case family(net) when 4 then 8 else 16 end),
    constraint blocked_address_until_after_since check (until > since),
    constraint blocked_address_staff_source_has_staff_id
        check ((source = 'staff') = (staff_id is not null) and (staff_id is null or token_id is null))
);
create index blocked_address_by_since on blocked_address (since, net);
create index blocked_address_by_source on blocked_address (source, since, net);
create index blocked_address_by_until on blocked_address (until, net) where until is not null;

create table blocked_address_change (
    id bigint generated always as identity primary key,
    net inet not null,
    at timestamptz not null,
    kind block_change_kind not null,
    -- programs are 'system'
    actor actor not null,
    staff_id uuid references staff,
    token_id uuid references api_token,
    -- the entry after the change; for 'unblocked', the entry before it
    reason block_reason not null,
    note text,
    source block_source not null,
    until timestamptz,
    -- why staff unblocked it
    unblock_reason text check (length(unblock_reason) between 1 and 500),
    -- the feed for programs is ordered by transaction: a row that commits late must not be skipped
    tx xid8 not null default pg_current_xact_id(),
    constraint blocked_address_change_staff_actor_has_staff_id check ((actor = 'staff') = (staff_id is not null))
);
create index blocked_address_change_by_net on blocked_address_change (net, id);
-- how often a customer has unblocked an address
create index blocked_address_change_by_customer on blocked_address_change (net, at) where actor = 'customer';
-- the feed of what people have unblocked, for programs
create index blocked_address_change_unblocked_by_people on blocked_address_change (tx, id)
where kind = 'unblocked' and actor <> 'system';
create index blocked_address_change_by_time on blocked_address_change using brin (at);
