-- A proposal that a person dismissed, an incident that is known, and one that is over.
insert into incident (state, title_pl, title_en, text_pl, text_en, categories, prefixes, addresses, codes, began_at, until, created_at, changed_at, changed_by, published_at, resolved_at, alike) values
    ('dismissed', 'Podobne', 'Alike', '', '', '{outgoing}', '{4420}', '{}', '{503}', '2026-01-01', null, '2026-01-01', '2026-01-01', null, null, null, 'outgoing 503'),
    ('published', 'Anglia', 'England', 'Opis', 'Text', '{outgoing,audio}', '{44,4822}', '{203.0.113.0/24,2001:db8::/32}', '{}', '2026-01-01', '2026-01-02', '2026-01-01', '2026-01-01', '00000000-0000-7000-8000-000000000001', '2026-01-01', null, null),
    ('resolved', 'Dawna', 'Old', 'Opis', 'Text', '{}', '{}', '{}', '{}', '2025-01-01', null, '2025-01-01', '2025-01-02', '00000000-0000-7000-8000-000000000001', '2025-01-01', '2025-01-02', null);
insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en, is_last) values
    (2, '0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1b01', '2026-01-01', '00000000-0000-7000-8000-000000000001', 'Pracujemy', 'We work', false),
    (3, '0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1b02', '2025-01-02', '00000000-0000-7000-8000-000000000001', 'Po wszystkim', 'Over', true);
insert into incident_ticket (incident_id, ticket_id, how, at, staff_id, ended_at) values
    (2, '00000000-0000-7000-8000-000000000011', 'customer', '2026-01-01', null, null),
    (3, '00000000-0000-7000-8000-000000000012', 'staff', '2025-01-01', '00000000-0000-7000-8000-000000000001', '2025-01-02');
insert into incident_candidate (incident_id, ticket_id, at, declined_at) values
    (1, '00000000-0000-7000-8000-000000000011', '2026-01-01', null),
    (2, '00000000-0000-7000-8000-000000000013', '2026-01-01', '2026-01-01');
insert into incident_visitor (incident_id, visitor, at) values (2, '0123456789abcdef', '2026-01-01');
insert into letter (ticket_id, event_id, kind, state, created_at, next_at, incident_update_id, addressee) values
    ('00000000-0000-7000-8000-000000000011', null, 'incident_update', 'waiting', '2026-01-01', '2026-01-01', 1, decode(repeat('01', 32), 'hex'));
