-- A journal is corrected by another journal, never by taking entries away: the balance is checked on
-- deletion too.
create function journal_still_balances() returns trigger language plpgsql as $$
begin
    if exists (select from journal_entries where journal_id = old.journal_id
               having coalesce(sum(amount_fen), 0) <> 0) then
        raise exception 'journal % does not balance', old.journal_id;
    end if;
    return null;
end $$;

create constraint trigger journal_entries_kept after delete or update on journal_entries
    deferrable initially deferred for each row execute function journal_still_balances();

-- What a statement matched: found when a later version of it comes.
create index orders_matched on orders (matched_statement_id)
    where matched_statement_id is not null;
create index refunds_matched on refunds (matched_statement_id)
    where matched_statement_id is not null;
