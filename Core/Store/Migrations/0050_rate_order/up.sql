-- channel <= agent <= ... <= merchant at every moment, on every path: whoever writes a rate.

-- Where a party's rate for a product lies below that of the party above it: the moment from which on,
-- with both parties and both rates. It suffices to look at the moments at which one of the two changes.
create function rate_conflicts(changed_no text, changed_product text)
    returns table (upper_no text, upper_ppm integer, lower_no text, lower_ppm integer,
        since timestamptz)
    language sql stable as $$
    with pair as (
        select parent_no as upper_no, party_no as lower_no from parties
        where party_no = changed_no and parent_no is not null
        union all
        select parent_no, party_no from parties where parent_no = changed_no
    ), moment as (
        select distinct p.upper_no, p.lower_no, r.effective_from as since
        from pair p join rates r on r.product = changed_product
            and r.party_no in (p.upper_no, p.lower_no)
    )
    select m.upper_no, u.rate_ppm, m.lower_no, l.rate_ppm, m.since
    from moment m cross join lateral (
        select rate_ppm from rates where party_no = m.upper_no and product = changed_product
            and effective_from <= m.since order by effective_from desc limit 1) u
    cross join lateral (
        select rate_ppm from rates where party_no = m.lower_no and product = changed_product
            and effective_from <= m.since order by effective_from desc limit 1) l
    where u.rate_ppm > l.rate_ppm
    order by m.since, m.lower_no
$$;

-- One transaction at a time changes rates: two that are right alone may be wrong together.
create function rates_one_writer() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('tallyhouse.rates'));
    return null;
end $$;
create trigger rates_one_writer before insert or update or delete on rates
    for each statement execute function rates_one_writer();

create function rates_in_order() returns trigger language plpgsql as $$
declare
    conflict record;
    changed record := coalesce(new, old);
begin
    select * into conflict from rate_conflicts(changed.party_no, changed.product) limit 1;
    if found then
        raise exception 'from % on the rate of % for %, % ppm, would be below that of %, % ppm',
            conflict.since, conflict.lower_no, changed.product, conflict.lower_ppm,
            conflict.upper_no, conflict.upper_ppm using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger rates_in_order after insert or update or delete on rates
    deferrable initially deferred for each row execute function rates_in_order();
