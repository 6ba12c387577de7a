-- A ticket of which an e-mail told next to nothing, the e-mail, and one that was dropped.
insert into ticket (
    id, reference, category, status, channel, lang, service, callee_kind, callee, callee_typed, in_billing,
    description, email, client_ip, client_agent, guessed, submission_hash, form_hash, key_hash,
    created_at, updated_at, waiting_since
) values
    ('00000000-0000-7000-8000-000000000131', '012345678K', 'unknown', 'new', 'email', 'pl', 'unknown',
     'number', '+48221228022', '22 122 80 22', 'unknown', 'Nie działa.', 'jan@example.com', '0.0.0.0', '', '{callee}',
     decode(repeat('d1', 32), 'hex'), decode(repeat('d2', 32), 'hex'), decode(repeat('d3', 32), 'hex'),
     '2026-01-01', '2026-01-01', '2026-01-01');
insert into incoming_mail (
    id, at, identity, content, fate, why, ticket_id, sender, sender_name, subject, body, quoted, size, raw
) values
    ('00000000-0000-7000-8000-000000000132', '2026-01-01', decode(repeat('e1', 32), 'hex'), decode(repeat('e2', 32), 'hex'),
     'ticket', 'new', '00000000-0000-7000-8000-000000000131', 'jan@example.com', 'Jan', 'Telefon', 'Nie działa.', '', 100,
     'Subject: Telefon'),
    ('00000000-0000-7000-8000-000000000133', '2026-01-01', decode(repeat('f1', 32), 'hex'), decode(repeat('f2', 32), 'hex'),
     'automatic', 'auto-submitted', null, 'robot@example.com', '', '', '', '', 100, null);
