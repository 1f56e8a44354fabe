import type { LoggedStream } from 'c8connector';
import type { MysqlStream } from '../discover.ts';
import type { ServerSettings } from './server-log.ts';
import type { Effect } from './statement.ts';

/** The tables of the streams, by the names that the log has for them. */
export interface FollowedTables {
  /** The stream of a table; undefined if the table is not read. */
  streamOf(database: string, table: string): string | undefined;
  /** The streams that a statement concerns. */
  concerned(effect: Effect): readonly string[];
}

export function followedTables(
  streams: readonly LoggedStream<MysqlStream>[],
  { lower_case_table_names: letters = '0' }: ServerSettings,
): FollowedTables {
  // Such a server compares names regardless of capitals.
  const nameOf = (text: string) => (letters === '0' ? text : text.toLowerCase());
  const databases = new Map<string, Map<string, string>>();
  for (const { stream } of streams) {
    const { id, schemaName, tableName } = stream;
    const tables = databases.get(nameOf(schemaName)) ?? new Map<string, string>();
    databases.set(nameOf(schemaName), tables.set(nameOf(tableName), id));
  }
  const streamOf = (database: string, table: string) => databases.get(nameOf(database))?.get(nameOf(table));
  return {
    streamOf,
    concerned({ database, table }) {
      if (database === undefined) return streams.map(({ stream }) => stream.id);
      if (table === undefined) return [...(databases.get(nameOf(database))?.values() ?? [])];
      const stream = streamOf(database, table);
      return stream === undefined ? [] : [stream];
    },
  };
}
