-- One who follows a known incident and got a letter, one who has not confirmed it, and marks that were forgotten.
insert into incident_follower (incident_id, email, lang, asked_at, asked, confirmed_at) values
    (2, 'ola@example.com', 'pl', '2026-01-01', 2, '2026-01-01'),
    (2, 'Piotr@example.com', 'en', '2026-01-01', 1, null);
insert into letter (follower_id, kind, state, created_at, next_at) values (1, 'incident_follow', 'waiting', '2026-01-01', '2026-01-01');
update incident set visitors = 12 where id = 3;
