-- nothing: the new value is used by the rows of 0004
select 1;
