-- A proposal that was dismissed, a published incident, and a resolved one whose "me too" rows were purged.
insert into incident (state, title_pl, title_en, text_pl, text_en, categories, prefixes, addresses, codes, began_at, until, created_at, updated_at, updated_by, published_at, resolved_at, fingerprint, archived_me_too_count) values
    ('dismissed', 'Podobne', 'Alike', '', '', '{outgoing}', '{4420}', '{}', '{503}', '2026-01-01', null, '2026-01-01', '2026-01-01', null, null, null, 'outgoing 503', 0),
    ('published', 'Anglia', 'England', 'Opis', 'Text', '{outgoing,audio}', '{44,4822}', '{203.0.113.0/24,2001:db8::/32}', '{}', '2026-01-01', '2026-01-02', '2026-01-01', '2026-01-01', '00000000-0000-7000-8000-000000000001', '2026-01-01', null, null, 0),
    ('resolved', 'Dawna', 'Old', 'Opis', 'Text', '{}', '{}', '{}', '{}', '2025-01-01', null, '2025-01-01', '2025-01-02', '00000000-0000-7000-8000-000000000001', '2025-01-01', '2025-01-02', null, 12);
insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en, is_last) values
    (2, '0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1b01', '2026-01-01', '00000000-0000-7000-8000-000000000001', 'Pracujemy', 'We work', false),
    (3, '0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1b02', '2025-01-02', '00000000-0000-7000-8000-000000000001', 'Po wszystkim', 'Over', true);
insert into incident_ticket (incident_id, ticket_id, join_source, at, staff_id, ended_at) values
    (2, '00000000-0000-7000-8000-000000000011', 'customer', '2026-01-01', null, null),
    (3, '00000000-0000-7000-8000-000000000012', 'staff', '2025-01-01', '00000000-0000-7000-8000-000000000001', '2025-01-02');
insert into incident_candidate (incident_id, ticket_id, at, declined_at) values
    (1, '00000000-0000-7000-8000-000000000011', '2026-01-01', null),
    (2, '00000000-0000-7000-8000-000000000013', '2026-01-01', '2026-01-01');
insert into incident_me_too (incident_id, visitor_hash, at) values (2, '0123456789abcdef', '2026-01-01');
-- A subscriber who confirmed after two e-mails, and one who has not confirmed.
insert into incident_subscriber (incident_id, email, lang, confirmation_sent_at, confirmations_sent, confirmed_at) values
    (2, 'ola@example.com', 'pl', '2026-01-01', 2, '2026-01-01'),
    (2, 'Piotr@example.com', 'en', '2026-01-01', 1, null);
