import type { Client } from 'pg';
import { ownQuery } from './own-query.ts';

/**
 * lc_monetary of the database, if it differs from that of the session, which a role or a pooler may set: the setting of the database,
 * or else of all roles, or else of the server, which initdb takes from the same locale as those of the databases.
 */
const localeQuery = `
select coalesce(
  (select pg_catalog.substr(e.entry, 13)
    from pg_catalog.pg_db_role_setting s cross join lateral pg_catalog.unnest(s.setconfig) e(entry)
    where s.setrole = 0 and pg_catalog.starts_with(e.entry, 'lc_monetary=')
      and s.setdatabase in (0, (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
    order by s.setdatabase desc
    limit 1),
  (select d.datctype::text from pg_catalog.pg_database d where d.datname = 'template0')
) as locale
from pg_catalog.pg_settings g
where g.name = 'lc_monetary' and g.source in ('user', 'database user', 'client')`;

/**
 * How many digits of money come after the point in the database's own locale: 2 for dollars, 0 for yen. Needs a transaction, and leaves its lc_monetary as it
 * was.
 */
export async function findMoneyScale(client: Client): Promise<number> {
  const begin = 'set local lc_monetary to default; savepoint money_scale_locale';
  await client.query(`savepoint money_scale; ${begin}`);
  const [other] = await ownQuery<{ locale: string }>(client, localeQuery);
  if (other !== undefined) {
    const setting = ownQuery(client, `select pg_catalog.set_config('lc_monetary', $1, true)`, [other.locale]);
    // A locale that the server does not have: its sessions begin without it too.
    await setting.catch(async () => await client.query('rollback to savepoint money_scale_locale'));
  }
  const [money] = await ownQuery<{ scale: number }>(client, 'select pg_catalog.scale(0::money::numeric) as scale');
  await client.query('rollback to savepoint money_scale');
  return money?.scale ?? 2;
}
