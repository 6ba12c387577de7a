-- Staff accounts, their sessions and the throttling of logins.
--
-- An account is created from the command line and gets its password through a one-time link. The database stores only
-- hashes of passwords, links and session cookies, so a copy of it grants no access. Disabled accounts are not deleted:
-- events refer to them.

create type language as enum ('pl', 'en');
create type staff_role as enum ('agent', 'admin');

create table staff (
    id uuid primary key,
    email text not null check (email = lower(email) and email like '_%@_%' and length(email) <= 254),
    name text not null check (name = btrim(name) and length(name) between 1 and 100),
    role staff_role not null,
    lang language not null default 'pl',
    -- Argon2id in PHC string format; null until the invitation is accepted
    password_hash text check (password_hash like '$argon2id$%'),
    disabled_at timestamptz,
    created_at timestamptz not null
);
create unique index staff_email on staff (email);

-- At most one open invitation per account. Accepting it deletes the row.
create table staff_invitation (
    staff_id uuid primary key references staff on delete cascade,
    token_hash bytea not null unique check (length(token_hash) = 32),
    expires_at timestamptz not null
);

-- A signed-in browser. The key is the hash of its session cookie.
create table staff_session (
    token_hash bytea primary key check (length(token_hash) = 32),
    staff_id uuid not null references staff on delete cascade,
    created_at timestamptz not null,
    last_seen_at timestamptz not null check (last_seen_at >= created_at),
    ip inet not null,
    user_agent text not null
);
create index staff_session_by_staff on staff_session (staff_id);

-- Failed logins, counted per account and client address, and per account alone. Unknown accounts are counted like
-- known ones, so that the responses do not tell which accounts exist. The key is a hash: no e-mail or IP address is
-- stored.
create table login_throttle (
    throttle_key text primary key,
    failures integer not null check (failures >= 0),
    failed_at timestamptz not null
);

-- Tells the open pages of a session that it has ended. The payload is the token hash, not the token.
create function notify_session_ended() returns trigger language plpgsql as $$
begin
    perform pg_notify('session_ended', encode(old.token_hash, 'hex'));
    return null;
end
$$;
create trigger staff_session_notify_ended after delete on staff_session
    for each row execute function notify_session_ended();
