-- A duplicate of the first ticket, one that waits for Friday, and one of each new kind of row.
insert into ticket (
    id, reference, category, status, channel, lang, service, account, email, client_ip, client_agent, error_text, sip_code,
    submission_hash, form_hash, key_hash, created_at, updated_at, waiting_since, merged_into, waiting_until
) values
    ('00000000-0000-7000-8000-000000000041', '012345678C', 'logged-out', 'duplicate', 'web', 'pl', 'unknown', '101',
     'ewa@example.com', '203.0.113.9', '', '403 Forbidden', 403,
     decode(repeat('41', 32), 'hex'), decode(repeat('42', 32), 'hex'), decode(repeat('43', 32), 'hex'),
     '2026-01-03', '2026-01-03', '2026-01-03', '00000000-0000-7000-8000-000000000013', null),
    ('00000000-0000-7000-8000-000000000042', '012345678D', 'logged-out', 'waiting', 'web', 'pl', 'unknown', '102',
     'ewa@example.com', '203.0.113.9', '', 'ŁĄCZE „niedostępne”… SIP/2.0—[503]!"#$%&''()*+,-./:;<=>?@\^_`{|}~‘x’«y»–z→ ' || chr(160) || 'Żółć', null,
     decode(repeat('51', 32), 'hex'), decode(repeat('52', 32), 'hex'), decode(repeat('53', 32), 'hex'),
     '2026-01-03', '2026-01-03', '2026-01-03', null, '2026-01-09');
insert into bulk (id, staff_id, at, told)
values ('00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000001', '2026-01-03', '{}');
insert into bulk_ticket (bulk_id, ticket_id, wanted, version, status, waiting_since) values
    ('00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000042', true, 1, 'new', '2026-01-03');
insert into saved_reply (id, title, body, lang, changed_at, changed_by) values
    ('00000000-0000-7000-8000-000000000061', 'Hasło', 'Dzień dobry', 'pl', '2026-01-03', '00000000-0000-7000-8000-000000000001');
insert into guide_visit values ('2026-01-03', 'outgoing/yes', 12);
