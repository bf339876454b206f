-- A journal is corrected by another journal: none is changed, removed, extended or left empty.
create function journals_are_final() returns trigger language plpgsql as $$
begin
    raise exception 'table %: % is refused, because a journal that is posted is final', tg_table_name,
        tg_op using hint = 'Post a journal that reverses it.';
end $$;

create trigger journals_final before update or delete or truncate on journals
    for each statement execute function journals_are_final();
create trigger journal_entries_final before update or delete or truncate on journal_entries
    for each statement execute function journals_are_final();

-- What 0008 checked after a deletion or a change.
drop trigger journal_entries_kept on journal_entries;
drop function journal_still_balances();

-- Entries belong to the transaction that posted their journal.
alter table journals add column posted_in xid8 not null default pg_current_xact_id();

create or replace function journal_balances() returns trigger language plpgsql as $$
declare
    total numeric;
    entries integer;
begin
    select coalesce(sum(amount_fen), 0), count(*) into total, entries
    from journal_entries where journal_id = new.journal_id;
    if total <> 0 or entries < 2 then
        raise exception 'journal % does not balance: % entries add up to % fen', new.journal_id,
            entries, total;
    end if;
    if not exists (select from journals j where j.journal_id = new.journal_id
                   and j.posted_in = pg_current_xact_id()) then
        raise exception 'journal % was posted by an earlier transaction and takes no more entries',
            new.journal_id;
    end if;
    return null;
end $$;

drop trigger journal_entries_balance on journal_entries;
create constraint trigger journal_entries_balance after insert on journal_entries
    deferrable initially deferred for each row execute function journal_balances();
create constraint trigger journals_balance after insert on journals
    deferrable initially deferred for each row execute function journal_balances();
