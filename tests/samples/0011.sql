-- A letter in each state.
insert into letter (ticket_id, event_id, kind, state, created_at, next_at, attempts, claim, claimed_until, trouble, said, message_id, sent_at, staff_id) values
    ('00000000-0000-7000-8000-000000000011', null, 'received', 'waiting', '2026-01-01', '2026-01-02', 2, 3, null, 'later', '451 later', null, null, null),
    ('00000000-0000-7000-8000-000000000013', null, 'received', 'sent', '2026-01-01', '2026-01-01', 1, 1, null, null, null, '<1.x@example.com>', '2026-01-01', null),
    ('00000000-0000-7000-8000-000000000013', 1, 'answered', 'sending', '2026-01-01', '2026-01-01', 0, 1, '2026-01-02', null, null, '<2.x@example.com>', null, null),
    ('00000000-0000-7000-8000-000000000041', null, 'resolved', 'stuck', '2026-01-01', '2026-01-01', 1, 1, null, 'refused', '550 no', null, null, null),
    ('00000000-0000-7000-8000-000000000042', null, 'link', 'dropped', '2026-01-01', '2026-01-01', 0, 0, null, null, null, null, null, '00000000-0000-7000-8000-000000000001');
