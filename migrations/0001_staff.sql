-- The staff: who may open the desk. Accounts come from `dzwoni staff add`; a person sets the password by a one-time link.

create type language as enum ('pl', 'en');
create type staff_role as enum ('agent', 'admin');

create table staff (
    id uuid primary key,
    email text not null check (email = lower(email) and email like '_%@_%' and length(email) <= 254),
    name text not null check (name = btrim(name) and length(name) between 1 and 100),
    role staff_role not null,
    lang language not null default 'pl',
    -- Argon2id in PHC form; null until the link is used
    password_hash text check (password_hash like '$argon2id$%'),
    disabled_at timestamptz,
    created_at timestamptz not null
);
create unique index staff_email on staff (email);

-- One open link a person; only its hash is kept, and using it deletes it.
create table staff_invitation (
    staff_id uuid primary key references staff on delete cascade,
    token_hash bytea not null unique check (length(token_hash) = 32),
    expires_at timestamptz not null
);

-- A signed-in browser; only the hash of its cookie is kept.
create table staff_session (
    token_hash bytea primary key check (length(token_hash) = 32),
    staff_id uuid not null references staff on delete cascade,
    created_at timestamptz not null,
    seen_at timestamptz not null check (seen_at >= created_at),
    ip inet not null,
    agent text not null
);
create index staff_session_staff on staff_session (staff_id);

-- Failures to sign in, by what was tried: 'email:…' whether such an account exists or not, so that answers are the same.
create table sign_in_pause (
    subject text primary key,
    failures integer not null check (failures >= 0),
    failed_at timestamptz not null
);
