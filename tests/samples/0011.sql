-- The migration itself inserts the only row.
select 1;
