import type { Client } from 'pg';
import { ownQuery } from '../own-query.ts';

/** What the role may do with the log. */
export interface LogRights {
  /** Create a slot and read it: by its REPLICATION attribute, or by a role of a managed service. */
  readonly mayReplicate: boolean;
  /** Create the publication with these tables, or add them to it. */
  readonly mayPublish: boolean;
  readonly hasPublication: boolean;
  /** 18 for 18.1. */
  readonly version: number;
}

const rightsQuery = `
select r.rolsuper or r.rolreplication or exists (
    select from pg_catalog.pg_roles g
    where g.rolname in ('rds_replication', 'rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin') and pg_has_role(r.oid, g.oid, 'USAGE')
  ) as "mayReplicate",
  (r.rolsuper or (
    case when p.oid is null then has_database_privilege(pg_catalog.current_database(), 'CREATE') else pg_has_role(r.oid, p.pubowner, 'USAGE') end
    and not exists (
      select from pg_catalog.pg_class c where c.oid = any($2::oid[]) and not pg_has_role(r.oid, c.relowner, 'USAGE')
    )
  )) as "mayPublish",
  p.oid is not null as "hasPublication",
  pg_catalog.current_setting('server_version_num')::int / 10000 as version
from pg_catalog.pg_roles r
left join pg_catalog.pg_publication p on p.pubname = $1
where r.rolname = current_user`;

/** Takes one query. `tables` are the oids of the tables to be published. */
export async function findLogRights(
  client: Client,
  publication: string,
  tables: readonly string[],
): Promise<LogRights> {
  const [rights] = await ownQuery<LogRights>(client, rightsQuery, [publication, tables]);
  return rights ?? { mayReplicate: true, mayPublish: true, hasPublication: true, version: 0 };
}
