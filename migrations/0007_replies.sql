-- Saved replies: texts that staff send often, with placeholders that are filled in from the ticket.

create table saved_reply (
    id uuid primary key,
    title text not null check (length(title) between 1 and 80),
    body text not null check (length(body) between 1 and 5000),
    lang language not null,
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null,
    updated_by uuid references staff
);
create unique index saved_reply_title on saved_reply (lang, lower(title));
