import type { PostgresStream } from './discover.ts';

const numbers = ['integer', 'numeric', 'float'];

/** What the order of the rows depends on when they are read by these columns: numbers are sorted in one way, and all other values by their type and collation. */
export function orderText({ columns, keyProperties = [] }: PostgresStream, replicationKey?: string): string {
  const names = [...(replicationKey === undefined ? [] : [replicationKey]), ...keyProperties];
  const parts = names.map((name) => {
    const column = columns.find((each) => each.name === name);
    if (column === undefined || numbers.includes(column.type.kind)) return column && 'number';
    return [column.order?.type, column.collation].join(' ');
  });
  return parts.join(', ');
}
