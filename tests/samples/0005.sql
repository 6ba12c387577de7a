-- An e-mail that opened a ticket, and one that was discarded.
insert into inbound_mail (
    id, at, identity_hash, content_hash, disposition, rule, ticket_id, sender, sender_name, subject, body, quoted, size, raw
) values
    ('00000000-0000-7000-8000-000000000132', '2026-01-01', decode(repeat('e1', 32), 'hex'), decode(repeat('e2', 32), 'hex'),
     'ticket', 'new', '00000000-0000-7000-8000-000000000131', 'jan@example.com', 'Jan', 'Telefon', 'Nie działa.', '', 100,
     'Subject: Telefon'),
    ('00000000-0000-7000-8000-000000000133', '2026-01-01', decode(repeat('f1', 32), 'hex'), decode(repeat('f2', 32), 'hex'),
     'automatic', 'auto-submitted', null, 'robot@example.com', '', '', '', '', 100, null);
