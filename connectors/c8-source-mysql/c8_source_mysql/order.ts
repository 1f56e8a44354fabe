import type { Column } from './catalog.ts';

/** Texts that the server orders in whole; of a long text it would sort by the first bytes only. */
const sortedTexts = /^(?:char|varchar|uuid|inet4|inet6)\b/;

/**
 * Whether the server has an order for the values of a column, and its text identifies one of them. An ENUM and a SET are sorted by their numbers, but compared with a text by their labels.
 */
export function isOrdered({ type: { kind }, typeName }: Pick<Column, 'type' | 'typeName'>): boolean {
  switch (kind) {
    case 'integer':
    case 'numeric':
    case 'year':
    case 'date':
    case 'timestamp':
    case 'timestamptz':
    case 'time':
      return true;
    case 'string':
      return sortedTexts.test(typeName);
    case 'binary':
      return /^(?:binary|varbinary)\b/.test(typeName);
    default:
      return false;
  }
}
