import { createHash } from 'node:crypto';
import {
  ConfigError,
  DataError,
  eachRecord,
  misfitError,
  parseValue,
  type RecordReader,
  type RecordsMessage,
  recordReader,
  type SchemaMessage,
  stringifyValue,
} from 'c8connector';
import { streamFolder } from './object-name.ts';
import { valueText } from './value-text.ts';

/** The combined changes to the object of a key. */
export interface RowChange {
  /** Whether the row was deleted. */
  readonly isDeleted: boolean;
  /** New rows, to be merged in their order, each over the one before. */
  readonly lines: readonly Uint8Array[];
  /** Whether they replace the stored object; otherwise they are merged over it. */
  readonly isWhole: boolean;
}

/** The changes of a stream since they were last taken, combined for each key. */
export interface RowChanges {
  add(batch: RecordsMessage): void;
  /** Takes the changes, by the name of the key's object without its extension. */
  take(): ReadonlyMap<string, RowChange>;
}

const deletedAt = '_sdc_deleted_at';

/** Throws a ConfigError for a stream without a key. With `deletes`, a row with `_sdc_deleted_at` deletes its object; otherwise it is stored with that column. */
export function openRowChanges({ stream, schema, keyProperties }: SchemaMessage, deletes: boolean): RowChanges {
  if (keyProperties.length === 0) throw keyMissing(stream);
  const reader = recordReader(schema);
  const columns = Object.keys(schema.properties).length;
  const keys = keyProperties.map((name) => reader.indexOf(name));
  const deleted = Object.hasOwn(schema.properties, deletedAt) ? reader.indexOf(deletedAt) : -1;
  let changes = new Map<string, RowChange>();

  function nameOf(lines: Uint8Array, line: Uint8Array): string {
    const values = keys.map((index, position) => {
      const json = lines.subarray(reader.starts[index] ?? 0, reader.ends[index]);
      const text = (reader.starts[index] ?? -1) < 0 ? null : valueText(json);
      if (typeof text === 'string') return streamFolder(text);
      const column = keyProperties[position] ?? '';
      if (text === null) throw keyIsNull(stream, column);
      const wanted = 'valid text: it contains half of a surrogate pair';
      throw misfitError({ column, json, line }, { stream, schema, keyProperties, wanted });
    });
    return shortened(values.join(','));
  }

  return {
    add(batch) {
      const lines = batch.with('number').lines();
      eachRecord(lines, reader, (start, end) => {
        const line = lines.subarray(start, end);
        const name = nameOf(lines, line);
        const isDeleted = deletes && deleted >= 0 && isGiven(reader, deleted, lines);
        const isWhole = reader.starts.slice(0, columns).every((at) => at >= 0);
        changes.set(name, changed(changes.get(name), { isDeleted, isWhole, line }));
      });
    },
    take() {
      const taken = changes;
      changes = new Map();
      return taken;
    },
  };
}

const letterN = 0x6e;

/** Whether a column is present and not null. */
function isGiven({ starts }: RecordReader, index: number, lines: Uint8Array): boolean {
  const start = starts[index] ?? -1;
  return start >= 0 && lines[start] !== letterN;
}

interface NewRow {
  readonly isDeleted: boolean;
  readonly isWhole: boolean;
  readonly line: Uint8Array;
}

function changed(before: RowChange | undefined, { isDeleted, isWhole, line }: NewRow): RowChange {
  if (isDeleted) return { isDeleted, isWhole: true, lines: [] };
  // A copy, so that the memory of the whole batch is not kept.
  const own = new Uint8Array(line);
  if (isWhole) return { isDeleted, isWhole, lines: [own] };
  return { isDeleted, isWhole: before?.isWhole ?? false, lines: [...(before?.lines ?? []), own] };
}

/** The content of an object: the stored row and the new ones, with the latest value of each column. */
export function mergedRow(stored: Uint8Array | undefined, lines: readonly Uint8Array[]): Uint8Array {
  const [only] = lines;
  if (stored === undefined && lines.length === 1 && only !== undefined) return only;
  const rows = [...(stored === undefined ? [] : [stored]), ...lines].map((line) =>
    parseValue(Buffer.from(line).toString()),
  );
  return Buffer.from(stringifyValue(Object.fromEntries(rows.flatMap((row) => Object.entries(row ?? {})))));
}

/** Leaves room for the folders within the 1,024 bytes that S3 allows for a key. */
const longestName = 500;

function shortened(name: string): string {
  if (name.length <= longestName) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `${name.slice(0, longestName - 33)}~${hash}`;
}

function keyMissing(stream: string): ConfigError {
  return new ConfigError(`object_per_record names objects by the key, but the stream ${stream} has no key.`, {
    code: 'config_invalid',
    remedy: 'Select only streams with a key, or set object_per_record to false.',
    details: { property: 'object_per_record', stream },
  });
}

function keyIsNull(stream: string, column: string): DataError {
  return new DataError(
    `Stream ${stream}: a row has no value in ${JSON.stringify(column)}, which is a part of its key.`,
    {
      code: 'value_unstorable',
      remedy: 'Correct the row in the source, or set object_per_record to false.',
      details: { stream, column },
    },
  );
}
