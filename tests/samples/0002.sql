-- One ticket of each category. The first has two open requests to its customer and a rotated access key; the second was
-- replied to.
insert into ticket (
    id, reference, category, status, channel, lang, service,
    caller_kind, caller, caller_extension, caller_raw, callee_kind, callee, callee_extension, callee_raw,
    call_at, call_precision, in_billing, symptom, account, device, public_ip,
    error_text, sip_code, description, email, phone, client_ip, user_agent, trail, guide_answers,
    submission_hash, form_hash, access_key_hash, access_key_generation, requested_details, assignee, created_at, updated_at, awaiting_staff_since,
    first_response_at, resolved_at
) values
    ('00000000-0000-7000-8000-000000000011', '0123456789', 'outgoing', 'new', 'web', 'pl', 'virtual-pbx',
     'account', '12345-101', null, '12345-101', 'number', '+442081900322', '12', '0044 20 8190 0322 wew. 12',
     '2026-01-01 12:00+01', '5min', 'yes', null, null, null, null,
     '503', 503, null, 'jan@example.com', null, '203.0.113.7', '', 'outgoing/yes', '[{"question": "Q", "answer": "A"}]',
     decode(repeat('01', 32), 'hex'), decode(repeat('02', 32), 'hex'), decode(repeat('03', 32), 'hex'),
     2, '{time,message}', null, '2026-01-01', '2026-01-01', '2026-01-01', null, null),
    ('00000000-0000-7000-8000-000000000012', '012345678A', 'audio', 'resolved', 'phone', 'en', 'unknown',
     'withheld', null, null, 'zastrzeżony', 'number', '+48221228022', null, '22 122 80 22',
     '2026-01-01 12:00+01', 'exact', 'no', 'one-way-me', null, null, null,
     null, null, 'Opis', null, '+48601555210', '2001:db8::7', 'Chrome', null, '[]',
     decode(repeat('11', 32), 'hex'), decode(repeat('12', 32), 'hex'), decode(repeat('13', 32), 'hex'),
     0, '{}', '00000000-0000-7000-8000-000000000001', '2026-01-01', '2026-01-02', '2026-01-01', '2026-01-02',
     '2026-01-02'),
    ('00000000-0000-7000-8000-000000000013', '012345678B', 'logged-out', 'open', 'web', 'pl', 'mini-voip',
     null, null, null, null, null, null, null, null,
     null, null, null, null, '101', 'telefon', '203.0.113.8',
     null, null, null, 'jan@example.com', '+48601555210', '203.0.113.7', '', null, '[]',
     decode(repeat('21', 32), 'hex'), decode(repeat('22', 32), 'hex'), decode(repeat('23', 32), 'hex'),
     0, '{}', '00000000-0000-7000-8000-000000000001', '2026-01-01', '2026-01-01', '2026-01-01', null, null);
-- A duplicate, and a snoozed ticket whose error text has every sign that separates words.
insert into ticket (
    id, reference, category, status, channel, lang, service, account, email, client_ip, user_agent, error_text, sip_code,
    submission_hash, form_hash, access_key_hash, created_at, updated_at, awaiting_staff_since, merged_into, snoozed_until
) values
    ('00000000-0000-7000-8000-000000000041', '012345678C', 'logged-out', 'duplicate', 'web', 'pl', 'unknown', '101',
     'ewa@example.com', '203.0.113.9', '', '403 Forbidden', 403,
     decode(repeat('41', 32), 'hex'), decode(repeat('42', 32), 'hex'), decode(repeat('43', 32), 'hex'),
     '2026-01-03', '2026-01-03', '2026-01-03', '00000000-0000-7000-8000-000000000013', null),
    ('00000000-0000-7000-8000-000000000042', '012345678D', 'logged-out', 'waiting', 'web', 'pl', 'unknown', '102',
     'ewa@example.com', '203.0.113.9', '', 'ŁĄCZE „niedostępne”… SIP/2.0—[503]!"#$%&''()*+,-./:;<=>?@\^_`{|}~‘x’«y»–z→ ' || chr(160) || 'Żółć', null,
     decode(repeat('51', 32), 'hex'), decode(repeat('52', 32), 'hex'), decode(repeat('53', 32), 'hex'),
     '2026-01-03', '2026-01-03', '2026-01-03', null, '2026-01-09');
-- A ticket from a chat, without a contact.
insert into ticket (
    id, reference, category, status, channel, lang, service, account, client_ip, user_agent,
    submission_hash, form_hash, access_key_hash, created_at, updated_at, awaiting_staff_since
) values
    ('00000000-0000-7000-8000-000000000121', '012345678E', 'logged-out', 'new', 'chat', 'pl', 'unknown', '103',
     '203.0.113.9', '', decode(repeat('61', 32), 'hex'), decode(repeat('62', 32), 'hex'), decode(repeat('63', 32), 'hex'),
     '2026-01-04', '2026-01-04', '2026-01-04');
-- A ticket from an e-mail that says next to nothing.
insert into ticket (
    id, reference, category, status, channel, lang, service, callee_kind, callee, callee_raw, in_billing,
    description, email, client_ip, user_agent, inferred_fields, submission_hash, form_hash, access_key_hash,
    created_at, updated_at, awaiting_staff_since
) values
    ('00000000-0000-7000-8000-000000000131', '012345678K', 'unknown', 'new', 'email', 'pl', 'unknown',
     'number', '+48221228022', '22 122 80 22', 'unknown', 'Nie działa.', 'jan@example.com', '0.0.0.0', '', '{callee}',
     decode(repeat('d1', 32), 'hex'), decode(repeat('d2', 32), 'hex'), decode(repeat('d3', 32), 'hex'),
     '2026-01-01', '2026-01-01', '2026-01-01');
insert into ticket_event (ticket_id, at, actor, staff_id, payload, submission) values
    ('00000000-0000-7000-8000-000000000011', '2026-01-01', 'customer', null, '{"kind": "opened", "channel": "web"}', null),
    ('00000000-0000-7000-8000-000000000013', '2026-01-01', 'staff', '00000000-0000-7000-8000-000000000001',
     '{"kind": "noted", "text": "x"}', '0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1a01');
insert into call_example (
    id, ticket_id, added_at, caller_kind, caller, caller_raw, callee_kind, callee, callee_raw, call_at,
    call_precision, error_text, sip_code
) values
    ('00000000-0000-7000-8000-000000000122', '00000000-0000-7000-8000-000000000011', '2026-01-04', 'withheld', null,
     'zastrzeżony', 'number', '+48221228022', '22 122 80 22', '2026-01-04 12:00+01', 'exact', '503', 503);
insert into bulk_action (id, staff_id, at, summary)
values ('00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000001', '2026-01-03', '{}');
insert into bulk_action_ticket (bulk_action_id, ticket_id, requested, version, status, awaiting_staff_since) values
    ('00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000042', true, 1, 'new', '2026-01-03');
