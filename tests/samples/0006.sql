-- A ticket whose customer has heard from staff.
update ticket set answered_at = '2026-01-02' where reference = '012345678A';
