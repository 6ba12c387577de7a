-- A ticket whose customer was asked for two things and has a new key, one that came in a chat, and another call.
update ticket set asked = '{time,message}', key_generation = 2 where reference = '0123456789';
insert into ticket (
    id, reference, category, status, channel, lang, service, account, client_ip, client_agent,
    submission_hash, form_hash, key_hash, created_at, updated_at, waiting_since
) values
    ('00000000-0000-7000-8000-000000000121', '012345678E', 'logged-out', 'new', 'chat', 'pl', 'unknown', '103',
     '203.0.113.9', '', decode(repeat('61', 32), 'hex'), decode(repeat('62', 32), 'hex'), decode(repeat('63', 32), 'hex'),
     '2026-01-04', '2026-01-04', '2026-01-04');
insert into call_example (
    id, ticket_id, added_at, caller_kind, caller, caller_typed, callee_kind, callee, callee_typed, call_at,
    call_precision, error_text, sip_code
) values
    ('00000000-0000-7000-8000-000000000122', '00000000-0000-7000-8000-000000000011', '2026-01-04', 'withheld', null,
     'zastrzeżony', 'number', '+48221228022', '22 122 80 22', '2026-01-04 12:00+01', 'exact', '503', 503);
