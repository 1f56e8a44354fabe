import type { Stream } from 'c8connector';
import type { Column, Table } from './catalog.ts';
import type { MysqlConfig } from './config.ts';

/** The replication methods of a table or view with these columns, that of the config first, and the reasons against others. */
export function replicationOf(
  _table: Table,
  _columns: readonly Column[],
  _config: Pick<MysqlConfig, 'replication_method'>,
): NonNullable<Stream['replication']> {
  return { methods: ['FULL_TABLE'] };
}
