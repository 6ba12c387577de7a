-- An account that works, one that is disabled and invited again, a session and failed logins.
insert into staff (id, email, name, role, lang, password_hash, disabled_at, created_at) values
    ('00000000-0000-7000-8000-000000000001', 'anna@example.com', 'Anna Nowicka', 'agent', 'pl', '$argon2id$v=19$x', null, '2026-01-01'),
    ('00000000-0000-7000-8000-000000000002', 'kamil@example.com', 'Kamil Wrona', 'admin', 'en', null, '2026-02-01', '2026-01-01');
insert into staff_invitation values ('00000000-0000-7000-8000-000000000002', decode(repeat('ab', 32), 'hex'), '2026-01-04');
insert into staff_session values
    (decode(repeat('cd', 32), 'hex'), '00000000-0000-7000-8000-000000000001', '2026-01-01', '2026-01-02', '2001:db8::1', 'Firefox');
insert into login_throttle values ('here:203.0.113.7 anna@example.com', 3, '2026-01-01');
