import type { Column } from './catalog.ts';

/** Texts that the session orders in whole: see `max_sort_length`. A longer one would be sorted by its beginning. */
const sortedTexts = /^(?:char|varchar|uuid|inet4|inet6)\b/;
/** The collations take up to eight bytes for a character. */
const mostCharacters = 8000;

/**
 * Whether the server has an order for the values of a column, and its text identifies one of them. An ENUM and a SET are sorted by their numbers, but compared with a text by their labels.
 */
export function isOrdered({ type, typeName }: Pick<Column, 'type' | 'typeName'>): boolean {
  switch (type.kind) {
    case 'integer':
    case 'numeric':
    case 'year':
    case 'date':
    case 'timestamp':
    case 'timestamptz':
    case 'time':
      return true;
    case 'string':
      return sortedTexts.test(typeName) && (type.maxLength ?? 0) <= mostCharacters;
    case 'binary':
      return /^(?:binary|varbinary)\b/.test(typeName);
    default:
      return false;
  }
}
