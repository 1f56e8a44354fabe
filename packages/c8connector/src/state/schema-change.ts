import type { StreamSchema } from '../interface/stream.ts';
import { type ColumnType, columnTyper } from '../jsonl/column-type.ts';

/** The columns of a stream by name, each with its type in short: `decimal(10,2)`, `list(text)`. */
export type ColumnSummary = Readonly<Record<string, string>>;

/** How the columns of a stream differ from those of the last run, by name. */
export interface SchemaChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Columns of another type. */
  readonly changed: readonly string[];
}

export function summarize(schema: StreamSchema): ColumnSummary {
  const columns = Object.entries(schema.properties);
  const typeOf = columnTyper(schema);
  return Object.fromEntries(columns.map(([name, property]) => [name, typeName(typeOf(property))]));
}

/** The differences; undefined when there are none. */
export function compareColumns(before: ColumnSummary, after: ColumnSummary): SchemaChange | undefined {
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name));
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const changed = Object.keys(after).filter((name) => Object.hasOwn(before, name) && before[name] !== after[name]);
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}

function typeName(type: ColumnType): string {
  if (type.kind === 'list') return `list(${typeName(type.items)})`;
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}
