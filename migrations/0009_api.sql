-- API tokens. Only the hash is stored. A revoked token stays, because the history of the blocklist refers to it; its
-- name may be used again.

create table api_token (
    id uuid primary key,
    name text not null check (name = btrim(name) and length(name) between 1 and 100),
    token_hash bytea not null unique check (length(token_hash) = 32),
    created_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create unique index api_token_active_name on api_token (lower(name)) where revoked_at is null;
