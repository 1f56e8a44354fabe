import type { Client } from 'pg';
import { ownQuery } from './own-query.ts';

/** The relations whose rows row-level security may hide from the role. */
export interface RowSecurity {
  /** By the oid of a relation, the tables, as schema.table, whose policies filter the rows of its SELECT. Without relations that are not filtered. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** False when the role has `row_security = off`: the server then refuses to read these relations instead of hiding rows. */
  readonly isHiding: boolean;
}

/**
 * Each relation, and the relations that a view reads, with the role whose policies apply: the owner of the view, or the current role in a view that
 * is security_invoker. The rest is the rule of `row_security_active`, which only handles the current role. Policies of a partition or child do not apply to
 * a SELECT from its parent.
 */
const rowSecurityQuery = `
with recursive me(role) as (
  select r.oid from pg_catalog.pg_roles r where r.rolname = current_user
), used(root, relation, reader) as (
  select c.oid, c.oid, me.role from pg_catalog.pg_class c, me where c.oid = any($1::oid[])
  union
  select u.root, d.refobjid, case when i.is_invoker then me.role else v.relowner end
  from used u
  cross join me
  join pg_catalog.pg_class v on v.oid = u.relation and v.relkind = 'v'
  join pg_catalog.pg_rewrite w on w.ev_class = v.oid and w.ev_type = '1'
  join pg_catalog.pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
    and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
  cross join lateral (
    select exists (
      select from pg_catalog.pg_options_to_table(v.reloptions) o
      where case when o.option_name = 'security_invoker' then o.option_value::bool else false end
    ) as is_invoker
  ) i
)
select u.root::text as relation, array_agg(distinct n.nspname || '.' || t.relname) as tables, current_setting('row_security') = 'on' as "isHiding"
from used u
join pg_catalog.pg_class t on t.oid = u.relation
join pg_catalog.pg_namespace n on n.oid = t.relnamespace
join pg_catalog.pg_roles r on r.oid = u.reader
where t.relrowsecurity and not r.rolsuper and not r.rolbypassrls and (t.relforcerowsecurity or not pg_has_role(r.oid, t.relowner, 'USAGE'))
group by u.root`;

/** Finds which of these relations, by oid, are affected by row-level security. One query. */
export async function findRowSecurity(client: Client, oids: readonly string[]): Promise<RowSecurity> {
  const rows = await ownQuery<{ relation: string; tables: string[]; isHiding: boolean }>(client, rowSecurityQuery, [
    oids,
  ]);
  return {
    tables: new Map(rows.map(({ relation, tables }) => [relation, tables])),
    isHiding: rows.every(({ isHiding }) => isHiding),
  };
}

/** What to do about rows that row-level security hides from the role. */
export function rowSecurityRemedy(user: string): string {
  return `To read all rows, give ${user} the attribute BYPASSRLS, or a policy that shows them.`;
}
