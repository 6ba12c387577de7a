-- A result on its own, and one that is attached to a ticket.
insert into check_result (id, kind, at, verdict, data, client_ip, ticket_id) values
    ('00000000000000000000000001', 'lamps', '2026-01-03', 'grey', '{"lamp": "grey"}', '203.0.113.9', null),
    ('00000000000000000000000002', 'lamps', '2026-01-03', 'red', '{"lamp": "red"}', '2001:db8::9',
     '00000000-0000-7000-8000-000000000042');
