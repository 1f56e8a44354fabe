import type { StreamSchema } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import type { Renames } from './rename-lines.ts';

/** The columns that a C8 collection reserves for itself. */
export const c8ReservedKeys = ['_key', '_id', '_rev'] as const;

/**
 * The renames that remove reserved names from a stream, computed once from its schema: a reserved column is prefixed with `_` until its name is different from all
 * columns, old and new. `_key`, or the first reserved name, is kept when it is the first column of the primary key.
 */
export function reservedNames(
  schema: StreamSchema,
  keyProperties: readonly string[],
  reserved: readonly string[],
): Renames {
  const columns = Object.keys(schema.properties);
  const taken = new Set([...columns, ...reserved]);
  const renames = new Map<string, string>();
  for (const column of columns) {
    if (!reserved.includes(column)) continue;
    if (column === keyProperties[0] && (column === '_key' || column === reserved[0])) continue;
    let name = `_${column}`;
    while (taken.has(name)) name = `_${name}`;
    taken.add(name);
    renames.set(column, name);
  }
  return renames;
}

/** The schema and the key columns under the new names, in the old order. */
export function renameSchema(
  schema: StreamSchema,
  keyProperties: readonly string[],
  renames: Renames,
): { readonly schema: StreamSchema; readonly keyProperties: readonly string[] } {
  if (renames.size === 0) return { schema, keyProperties };
  const renamed = (name: string) => renames.get(name) ?? name;
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, column]) => [renamed(name), column]),
  );
  const { required } = schema;
  return {
    schema: {
      ...schema,
      properties,
      ...(Array.isArray(required) ? { required: required.map(renamed) } : {}),
    },
    keyProperties: keyProperties.map(renamed),
  };
}

export function renameRow(row: Row, renames: Renames): Row {
  if (renames.size === 0) return row;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [renames.get(name) ?? name, value]));
}
