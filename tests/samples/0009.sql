-- An active token, and a revoked one with the same name.
insert into api_token (id, name, token_hash, created_at, revoked_at) values
    ('00000000-0000-7000-8000-000000000071', 'sbc1', decode(repeat('71', 32), 'hex'), '2026-01-03', null),
    ('00000000-0000-7000-8000-000000000072', 'sbc1', decode(repeat('72', 32), 'hex'), '2026-01-02', '2026-01-03');
