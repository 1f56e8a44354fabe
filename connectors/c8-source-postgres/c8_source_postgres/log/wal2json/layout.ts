import type { RelationColumn } from '../pgoutput.ts';
import type { Wal2jsonColumn } from './message.ts';

/** The columns of a table at a position of the log, in their order. */
export type Layout = readonly RelationColumn[];

/**
 * The columns of the table of a row. wal2json leaves out large values that did not change, and shows which columns identify a row only in an update or a delete. What a message lacks is taken from
 * `known`, the columns of the previous row of the table. `key` has the key columns of the stream.
 */
export function layoutOf(
  known: Layout,
  key: readonly string[],
  columns: readonly Wal2jsonColumn[],
  identity: readonly Wal2jsonColumn[] | undefined,
): Layout {
  const isWhole = identity !== undefined && isWholeRow(known, key, columns, identity);
  const whole = isWhole ? identity : columns;
  const current = new Map(whole.map((column) => [column.name, column]));
  const before = new Map(known.map((column) => [column.name, column]));
  const isCut = !isWhole && whole.length < known.length && whole.every(({ name }) => before.has(name));
  const identified = identity && new Set(identity.map(({ name }) => name));
  const names = isCut ? known.map(({ name }) => name) : whole.map(({ name }) => name);
  return names.map((name) => {
    const column = current.get(name);
    const last = before.get(name);
    return {
      name,
      type: column === undefined ? (last?.type ?? '0') : String(column.typeoid),
      modifier: column === undefined ? (last?.modifier ?? -1) : modifierOf(column.type),
      isIdentity: identified === undefined ? (last?.isIdentity ?? false) : identified.has(name),
    };
  });
}

/** Whether the old row has all columns, as under REPLICA IDENTITY FULL, which a table without a key needs. */
function isWholeRow(
  known: Layout,
  key: readonly string[],
  columns: readonly Wal2jsonColumn[],
  identity: readonly Wal2jsonColumn[],
): boolean {
  const names = new Set(identity.map(({ name }) => name));
  if (columns.some(({ name }) => !names.has(name))) return false;
  if (key.length === 0 || identity.length >= known.length) return true;
  return identity.length > key.length && known.every(({ isIdentity }) => isIdentity);
}

/** Bytes of the header of a value, which the modifiers for lengths and precisions include. */
const header = 4;

/** The type modifier from the text of a type; -1 if there is none, or if it does not change values. */
function modifierOf(type: string): number {
  const [, name, first, second = '0'] =
    /^(numeric|character varying|character|bit varying|bit)\((\d+)(?:,(-?\d+))?\)/.exec(type) ?? [];
  if (name === undefined || first === undefined) return -1;
  if (name.startsWith('bit')) return Number(first);
  if (name !== 'numeric') return Number(first) + header;
  return ((Number(first) << 16) | (Number(second) & 0x7ff)) + header;
}
