-- An address and a network, blocked by a program and by staff, and changes of each kind of actor.
insert into blocked_address (net, reason, note, source, since, until, staff_id, token_id, updated_at) values
    ('203.0.113.9', 'wrong-password', null, 'fail2ban', '2026-01-03', '2026-01-04', null,
     '00000000-0000-7000-8000-000000000071', '2026-01-03'),
    ('2001:db8:5::/48', 'abuse', 'skanuje całą noc', 'staff', '2026-01-03', null,
     '00000000-0000-7000-8000-000000000001', null, '2026-01-03');
insert into blocked_address_change (net, at, kind, actor, staff_id, token_id, reason, source, until, unblock_reason) values
    ('203.0.113.9', '2026-01-03', 'blocked', 'system', null, '00000000-0000-7000-8000-000000000071', 'wrong-password',
     'fail2ban', '2026-01-04', null),
    ('198.51.100.3', '2026-01-03', 'unblocked', 'customer', null, null, 'wrong-password', 'fail2ban', null, null),
    ('198.51.100.4', '2026-01-03', 'unblocked', 'staff', '00000000-0000-7000-8000-000000000001', null, 'other', 'import',
     null, 'pomyłka');
