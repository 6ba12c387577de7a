-- The signing secret, from which keys and signatures in links are derived. It lives in the database because every
-- process needs the same one, and it is generated here so that no installation runs without it. The table has exactly
-- one row.

create table signing_secret (
    singleton boolean primary key default true check (singleton),
    value bytea not null check (length(value) = 32)
);
insert into signing_secret (value)
values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
