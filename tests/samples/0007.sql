-- A saved reply in Polish.
insert into saved_reply (id, title, body, lang, updated_at, updated_by) values
    ('00000000-0000-7000-8000-000000000061', 'Hasło', 'Dzień dobry', 'pl', '2026-01-03', '00000000-0000-7000-8000-000000000001');
