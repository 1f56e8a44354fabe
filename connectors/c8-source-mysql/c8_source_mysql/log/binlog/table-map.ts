import { readMeta, type TypeAndMeta } from './column-types.ts';
import { EventBytes } from './event-bytes.ts';
import type { RawEvent } from './event-header.ts';
import type { LogTableMap } from './events.ts';
import { contentOf } from './file-events.ts';
import { readMetadata } from './table-metadata.ts';

/** How many tables are remembered. */
const mostTables = 1000;

/** Reads TABLE_MAP events. Each statement has one: the same table as before gives the same object. */
export function tableMaps(isMariaDb: boolean): (raw: RawEvent) => LogTableMap {
  const known = new Map<string, { readonly content: Uint8Array; readonly table: LogTableMap }>();
  return (raw) => {
    const content = raw.bytes.subarray(raw.start, raw.end);
    const key = Buffer.from(content.subarray(0, idSize)).toString('hex');
    const before = known.get(key);
    if (before !== undefined && Buffer.compare(before.content, content) === 0) return before.table;
    const table = readTableMap(raw, isMariaDb);
    if (known.size >= mostTables) known.clear();
    known.set(key, { content: Uint8Array.from(content), table });
    return table;
  };
}

const idSize = 6;

/** The columns of a table whose rows follow. */
function readTableMap(raw: RawEvent, isMariaDb: boolean): LogTableMap {
  const content = contentOf(raw);
  const id = content.u48();
  content.skip(2);
  const database = content.text(content.packed());
  content.skip(1);
  const name = content.text(content.packed());
  content.skip(1);
  const count = content.packed();
  const types = content.take(count);
  const metas = new EventBytes(content.take(content.packed()));
  const nullable = content.take((count + 7) >> 3);
  const columns: TypeAndMeta[] = [];
  for (const type of types) columns.push(readMeta(type, metas));
  const metadata = readMetadata(content, columns, isMariaDb);
  return {
    id,
    database,
    name,
    primaryKey: metadata.primaryKey,
    columns: columns.map(({ type, meta }, index) => ({
      type,
      meta,
      name: metadata.names?.[index],
      isNullable: ((nullable[index >> 3] as number) & (1 << (index & 7))) !== 0,
      isUnsigned: metadata.unsigned.get(index),
      collation: metadata.collations.get(index),
      labels: metadata.labels.get(index),
      isVisible: metadata.visible?.[index],
    })),
  };
}
