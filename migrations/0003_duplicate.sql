-- A ticket that tells of the same trouble as another one. A new value can't be used in the transaction that adds it, so
-- this stands alone; 0004_desk.sql uses it.

alter type ticket_status add value 'duplicate';
