import { isAsAnnounced, nameOfType } from './announced-type.ts';
import type { Column } from './catalog.ts';
import type { ColumnDefinition } from './column-definition.ts';
import type { MysqlStream } from './discover.ts';

/** How the columns of a result differ from the discovered ones with these names; empty if they do not. */
export function changesOf(
  stream: Pick<MysqlStream, 'columns'>,
  names: readonly string[],
  found: readonly ColumnDefinition[],
): string[] {
  if (found.length !== names.length) return [`${names.length} columns were requested, but ${found.length} came`];
  const known = new Map<string, Column>(stream.columns.map((column) => [column.name, column]));
  return names.flatMap((name, index) => {
    const column = known.get(name);
    const definition = found[index] as ColumnDefinition;
    if (column !== undefined && isAsAnnounced(column.announced, definition)) return [];
    return [`${name} was ${column?.typeName ?? 'unknown'} and is ${nameOfType(definition)}`];
  });
}
