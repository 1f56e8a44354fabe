import type { Log } from 'c8connector';
import type { Column, Relation } from './catalog.ts';
import type { Server } from './server.ts';

const remedy = 'Rename them to names in UTF-8.';

/** Whether a name contains U+FFFD, to which bytes that are not UTF-8 are decoded. In a database with an encoding it is an ordinary character. */
function isUnreadable(name: string, { hasNoEncoding }: Server): boolean {
  return hasNoEncoding && name.includes('\ufffd');
}

/** The relations without those whose names are not UTF-8, which a query cannot name; these are logged. */
export function leaveOutUnreadable(relations: readonly Relation[], server: Server, log: Log): Relation[] {
  const bad = relations.filter(({ schema, name }) => isUnreadable(`${schema}.${name}`, server));
  if (bad.length > 0) {
    const tables = bad.map(({ schema, name }) => `${schema}.${name}`);
    log.warn(`tables whose names are not UTF-8 cannot be read: ${tables.join(', ')}. ${remedy}`, { tables });
  }
  return relations.filter((relation) => !bad.includes(relation));
}

/** The columns by the oid of their relation, without those whose names are not UTF-8; these are logged. */
export function leaveOutColumns(
  columns: ReadonlyMap<string, readonly Column[]>,
  relations: readonly Relation[],
  server: Server,
  log: Log,
): ReadonlyMap<string, readonly Column[]> {
  const bad = relations.flatMap(({ oid, schema, name }) =>
    (columns.get(oid) ?? []).flatMap((column) =>
      isUnreadable(column.name, server) ? [`${schema}.${name}.${column.name}`] : [],
    ),
  );
  if (bad.length === 0) return columns;
  log.warn(`columns whose names are not UTF-8 cannot be read: ${bad.join(', ')}. ${remedy}`, { columns: bad });
  return new Map(
    [...columns].map(([oid, list]) => [oid, list.filter(({ name }) => !isUnreadable(name, server))] as const),
  );
}
