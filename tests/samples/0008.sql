-- A day with page views.
insert into guide_page_view values ('2026-01-03', 'outgoing/yes', 12);
