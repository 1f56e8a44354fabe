/**
 * SQL that defines in `public` what could be taken for the server's own: every function and operator of pg_catalog, the same with argument types that fit a catalog
 * query better than those of the server, every relation, and the types that casts name. Whatever is used writes `trap` to the server's log, which survives a
 * transaction that is read-only or fails, and raises.
 */
export const setTraps = `
set search_path = pg_catalog, pg_temp;
set client_min_messages = error;
do $traps$
declare
  body constant text := $body$ language plpgsql as $function$ begin raise log 'trap as %', current_user; raise exception 'trap'; end $function$ $body$;
  -- Types of a cast or a catalog column, by what the server's functions declare: an exact match wins over all of them.
  closer constant text[] := array['text=name', 'text=varchar', 'text="char"', 'oid=regclass', 'oid=int8', 'anyarray=name[]', 'anyarray=text[]', 'anyarray=oid[]',
    'anyarray=int2vector', 'anyelement=name', 'anyelement=oid', 'anycompatiblearray=name[]', '"any"=name', 'smallint=integer', 'bigint=integer'];
  types constant text[] := array['name', 'text', 'oid', 'regclass', 'regnamespace', '"char"', 'int2', 'int4', 'int8', 'bool', 'float4', 'text[]', 'name[]', 'oid[]', 'int2vector'];
  variant text;
  here record;
  names text[];
begin
  for here in select p.proname, case when p.proretset then 'setof text' else 'text' end as returns, array(select format_type(a, null) from unnest(p.proargtypes) a) as args
    from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind in ('f', 'a', 'w')
  loop
    foreach variant in array array['='] || closer loop
      continue when variant <> '=' and not split_part(variant, '=', 1) = any(here.args);
      names := array_replace(here.args, split_part(variant, '=', 1), split_part(variant, '=', 2));
      begin
        execute format('create function public.%I(%s) returns %s %s', here.proname, array_to_string(names, ', '), here.returns, body);
      exception when others then null;
      end;
    end loop;
  end loop;
  for here in select l, r, b.returns from unnest(types) l, unnest(types) r, (values ('bool'), ('text')) b(returns) loop
    execute format('create function public.%I(%s, %s) returns %s %s', 'trap_' || here.returns, here.l, here.r, here.returns, body);
    if here.returns = 'bool' then
      foreach variant in array array['=', '<>', '<', '>', '<=', '>=', '~~', '!~~', '~', '&&', '@>', '<@'] loop
        execute format('create operator public.%s (function = public.trap_bool, leftarg = %s, rightarg = %s)', variant, here.l, here.r);
      end loop;
    else
      execute format('create operator public.|| (function = public.trap_text, leftarg = %s, rightarg = %s)', here.l, here.r);
    end if;
  end loop;
  execute format('create function public.trap_check() returns bool %s', body);
  foreach variant in array array['text', 'oid', 'name', 'int4', 'int8', 'float8', 'bool', 'regclass', 'regnamespace', 'regtype'] loop
    execute format('create domain public.%I as pg_catalog.%I check (public.trap_check())', variant, variant);
  end loop;
  for here in
    select c.relname, string_agg(case when a.atttypid = 'anyarray'::regtype then format('null::text[] as %I', a.attname) else format('t.%I', a.attname) end, ', ') as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('r', 'v')
    group by c.relname
  loop
    begin
      execute format('create view public.%I as select %s from pg_catalog.%I t where public.trap_check()', here.relname, here.columns, here.relname);
      execute format('grant select on public.%I to public', here.relname);
    exception when invalid_table_definition then null; -- A column whose type only the server may use.
    end;
  end loop;
end $traps$`;
