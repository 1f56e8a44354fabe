import type { Row, TargetConnector } from 'c8connector';

/** A row with the version that it came with. */
interface Stored {
  readonly row: Row;
  readonly version: number | undefined;
}

/** How a target that replaces rows may be another way than it should be. */
export interface MergingHabits {
  /** Whether a row stays when a version is activated. */
  readonly stays?: (version: number, activated: number) => boolean;
  /** When a row is taken for a delete, and when its key goes. */
  readonly isDelete?: (row: Row) => boolean;
  readonly deletes?: 'at once' | 'at the end of the batch' | 'not';
  /** What becomes of the row of a key when another one comes. */
  readonly merge?: (before: Row, row: Row, columns: readonly string[]) => Row;
  /** The key columns of a stream. */
  readonly keyOf?: (keyProperties: readonly string[]) => readonly string[];
}

/** The options of a test with such a target. */
export const mergingClaims = { loadMethod: 'upsert', activateVersion: true, hardDelete: true } as const;

/** A target that lays each row over the one with its key, and does what ACTIVATE_VERSION and deletes ask for. Its tables live as long as it does. */
export function mergingTarget(habits: MergingHabits = {}) {
  const {
    stays = (version, activated) => version >= activated,
    isDelete = ({ _sdc_deleted_at: at }) => (at ?? null) !== null,
    deletes = 'at once',
    merge = (before, row) => ({ ...before, ...row }),
    keyOf = (keyProperties) => keyProperties,
  } = habits;
  const tables = new Map<string, Map<unknown, Stored>>();
  const tableOf = (stream: string) => {
    const table = tables.get(stream) ?? new Map<unknown, Stored>();
    tables.set(stream, table);
    return table;
  };
  const write: TargetConnector['write'] = async function* (messages) {
    const keys = new Map<string, readonly string[]>();
    let added = 0;
    for await (const message of messages) {
      if (message.type === 'FLUSH') yield message.state;
      if (message.type === 'SCHEMA') keys.set(message.stream, keyOf(message.keyProperties));
      if (message.type === 'SCHEMA' || message.type === 'FLUSH') continue;
      const table = tableOf(message.stream);
      if (message.type === 'ACTIVATE_VERSION') {
        for (const [key, { version }] of table) if (!stays(version ?? 0, message.version)) table.delete(key);
        continue;
      }
      const key = keys.get(message.stream) ?? [];
      const columns = Object.keys(message.schema.properties);
      const keyed = message.rows().map((row) => {
        added += 1;
        const values = key.map((name) => String(row[name]));
        return { row, key: key.length === 0 ? `row ${table.size + added}` : JSON.stringify(values) };
      });
      for (const { row, key: at } of keyed) {
        if (deletes === 'at once' && isDelete(row)) table.delete(at);
        else table.set(at, { row: merge(table.get(at)?.row ?? {}, row, columns), version: message.version });
      }
      if (deletes !== 'at the end of the batch') continue;
      for (const { row, key: at } of keyed) if (isDelete(row)) table.delete(at);
    }
  };
  const readBack = (stream: string): Row[] => [...(tables.get(stream)?.values() ?? [])].map(({ row }) => row);
  return { write, readBack };
}
