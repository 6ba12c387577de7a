-- An e-mail in each state, one about an incident, and one to a subscriber.
insert into outgoing_email (
    ticket_id, event_id, kind, state, created_at, next_attempt_at, attempts, claim, claimed_until, failure, server_response,
    message_id, sent_at, staff_id
) values
    ('00000000-0000-7000-8000-000000000011', null, 'received', 'queued', '2026-01-01', '2026-01-02', 2, 3, null, 'deferred', '451 later', null, null, null),
    ('00000000-0000-7000-8000-000000000013', null, 'received', 'sent', '2026-01-01', '2026-01-01', 1, 1, null, null, null, '<1.x@example.com>', '2026-01-01', null),
    ('00000000-0000-7000-8000-000000000013', 1, 'replied', 'sending', '2026-01-01', '2026-01-01', 0, 1, '2026-01-02', null, null, '<2.x@example.com>', null, null),
    ('00000000-0000-7000-8000-000000000041', null, 'resolved', 'failed', '2026-01-01', '2026-01-01', 1, 1, null, 'rejected', '550 no', null, null, null),
    ('00000000-0000-7000-8000-000000000042', null, 'access_link', 'cancelled', '2026-01-01', '2026-01-01', 0, 0, null, null, null, null, null, '00000000-0000-7000-8000-000000000001');
insert into outgoing_email (ticket_id, event_id, kind, state, created_at, next_attempt_at, incident_update_id, recipient_hash) values
    ('00000000-0000-7000-8000-000000000011', null, 'incident_update', 'queued', '2026-01-01', '2026-01-01', 1, decode(repeat('01', 32), 'hex'));
insert into outgoing_email (subscriber_id, kind, state, created_at, next_attempt_at) values (1, 'incident_subscription', 'queued', '2026-01-01', '2026-01-01');
