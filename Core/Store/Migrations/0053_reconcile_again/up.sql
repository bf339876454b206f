-- A statement may be compared again: what became known since is a reconciliation of its own.
alter table reconciliations drop constraint reconciliations_statement_id_key;
create index reconciliations_statement on reconciliations (statement_id);
