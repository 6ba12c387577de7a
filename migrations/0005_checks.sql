-- What visitors' checks found: kept for thirty days, and with the ticket that one is attached to. See src/checks.

create type check_kind as enum ('address', 'number', 'lamps', 'message', 'link', 'sound');

create table check_result (
    -- 128 random bits: who has the address of a result sees it
    id text primary key check (id ~ '^[0-9A-HJKMNP-TV-Z]{26}$'),
    kind check_kind not null,
    at timestamptz not null,
    -- in one word, such as `grey` or `blocked`; the sentence is made from the figures, in the reader's language
    verdict text not null check (verdict ~ '^[a-z0-9-]{1,40}$'),
    -- what each kind writes down; see `checks::Finding`
    figures jsonb not null check (jsonb_typeof(figures) = 'object' and octet_length(figures::text) <= 20000),
    client_ip inet not null,
    ticket_id uuid references ticket on delete cascade
);

create index check_result_of_ticket on check_result (ticket_id, at) where ticket_id is not null;
-- the same thing checked again by the same visitor
create index check_result_of_visitor on check_result (client_ip, at);
create index check_result_to_forget on check_result (at) where ticket_id is null;
