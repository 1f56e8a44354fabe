import type { MysqlStream } from './discover.ts';

const numbers = ['integer', 'numeric', 'year'];

/** What the order of the rows depends on when they are read by these columns: numbers are sorted in one way, and texts by their collation. */
export function orderText({ columns, keyProperties = [] }: MysqlStream, replicationKey?: string): string {
  const names = [...(replicationKey === undefined ? [] : [replicationKey]), ...keyProperties];
  const parts = names.map((name) => {
    const { type, collation, typeName } = columns.find((column) => column.name === name) ?? {};
    if (type?.kind === 'string') return collation ?? typeName;
    return type !== undefined && numbers.includes(type.kind) ? 'number' : type?.kind;
  });
  return parts.join(', ');
}
