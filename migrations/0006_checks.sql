-- Results of the checks that visitors run, such as a line test. A result is purged after thirty days unless it is
-- attached to a ticket; then it lives as long as the ticket. The sentences are made from the data when a page is
-- shown, so that they appear in the reader's language.

create type check_kind as enum ('address', 'number', 'lamps', 'message', 'link', 'sound');

create table check_result (
    -- 128 random bits: the address of a result is the only permission needed to see it
    id text primary key check (id ~ '^[0-9A-HJKMNP-TV-Z]{26}$'),
    kind check_kind not null,
    at timestamptz not null,
    -- one word, such as `grey` or `blocked`
    verdict text not null check (verdict ~ '^[a-z0-9-]{1,40}$'),
    -- the result; its fields depend on the kind
    data jsonb not null check (jsonb_typeof(data) = 'object' and octet_length(data::text) <= 20000),
    client_ip inet not null,
    ticket_id uuid references ticket on delete cascade
);
create index check_result_by_ticket on check_result (ticket_id, at) where ticket_id is not null;
-- finds the same result of the same visitor, so that a reload stores nothing
create index check_result_by_client_ip on check_result (client_ip, at);
create index check_result_unattached_by_time on check_result (at) where ticket_id is null;
