import type { Relation } from '../catalog.ts';
import type { RowSecurity } from '../row-security.ts';

/**
 * Whether the changes of a relation can be read from the log: of tables, and of partitioned ones as a whole. Not of a table that others inherit from, whose log has not their rows; nor of one
 * whose rows are hidden from the role in part, since the log knows no policies.
 */
export function offersLog(
  { oid, kind, persistence, hasChildren }: Pick<Relation, 'oid' | 'kind' | 'persistence' | 'hasChildren'>,
  { tables }: Pick<RowSecurity, 'tables'>,
): boolean {
  return (kind === 'r' || kind === 'p') && persistence === 'p' && !hasChildren && !tables.has(oid);
}
