-- Rows as they stand after the second migration: one of each kind.
insert into ticket (
    id, reference, category, status, channel, lang, service,
    caller_kind, caller, caller_extension, caller_typed, callee_kind, callee, callee_extension, callee_typed,
    call_at, call_precision, in_billing, symptom, account, device, public_ip,
    error_text, description, email, phone, client_ip, client_agent, trail, answers,
    submission_hash, form_hash, key_hash, assignee, created_at, updated_at, waiting_since, resolved_at
) values
    ('00000000-0000-7000-8000-000000000011', '0123456789', 'outgoing', 'new', 'web', 'pl', 'virtual-pbx',
     'account', '12345-101', null, '12345-101', 'number', '+442081900322', '12', '0044 20 8190 0322 wew. 12',
     '2026-01-01 12:00+01', '5min', 'yes', null, null, null, null,
     '503', null, 'jan@example.com', null, '203.0.113.7', '', 'outgoing/yes', '[{"question": "Q", "answer": "A"}]',
     decode(repeat('01', 32), 'hex'), decode(repeat('02', 32), 'hex'), decode(repeat('03', 32), 'hex'),
     null, '2026-01-01', '2026-01-01', '2026-01-01', null),
    ('00000000-0000-7000-8000-000000000012', '012345678A', 'audio', 'resolved', 'phone', 'en', 'unknown',
     'withheld', null, null, 'zastrzeżony', 'number', '+48221228022', null, '22 122 80 22',
     '2026-01-01 12:00+01', 'exact', 'no', 'one-way-me', null, null, null,
     null, 'Opis', null, '+48601555210', '2001:db8::7', 'Chrome', null, '[]',
     decode(repeat('11', 32), 'hex'), decode(repeat('12', 32), 'hex'), decode(repeat('13', 32), 'hex'),
     '00000000-0000-7000-8000-000000000001', '2026-01-01', '2026-01-02', '2026-01-01', '2026-01-02'),
    ('00000000-0000-7000-8000-000000000013', '012345678B', 'logged-out', 'open', 'web', 'pl', 'mini-voip',
     null, null, null, null, null, null, null, null,
     null, null, null, null, '101', 'telefon', '203.0.113.8',
     null, null, 'jan@example.com', '+48601555210', '203.0.113.7', '', null, '[]',
     decode(repeat('21', 32), 'hex'), decode(repeat('22', 32), 'hex'), decode(repeat('23', 32), 'hex'),
     '00000000-0000-7000-8000-000000000001', '2026-01-01', '2026-01-01', '2026-01-01', null);
insert into ticket_event (ticket_id, at, actor, staff_id, what, submission) values
    ('00000000-0000-7000-8000-000000000011', '2026-01-01', 'customer', null, '{"kind": "opened", "channel": "web"}', null),
    ('00000000-0000-7000-8000-000000000013', '2026-01-01', 'staff', '00000000-0000-7000-8000-000000000001',
     '{"kind": "noted", "text": "x"}', '0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1a01');
