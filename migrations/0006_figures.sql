-- Figures: when the customer first heard from staff, and one index from which all figures over some days are read without
-- the tickets themselves. See src/stats.

-- null until staff have answered or resolved it
alter table ticket add column answered_at timestamptz;
update ticket set answered_at = (
    select min(at) from ticket_event where ticket_id = ticket.id and what ->> 'kind' in ('replied', 'resolved')
);

-- New tickets go in at its end, in the order of time, so it costs an insert little.
drop index ticket_in_time;
create index ticket_figures on ticket (created_at)
include (status, category, symptom, sip_code, callee, answered_at, resolved_at, merged_into, trail);

-- Pages of the table that no vacuum has seen yet must be read all the same. A fiftieth of a year's tickets is a week's.
alter table ticket set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
