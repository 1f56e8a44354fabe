/** What the JSON of a column depends on in its type. Types that are not listed here are strings. */
export type MysqlType =
  /** tinyint(1), unless the config reads it as an integer, and bit(1). */
  | { readonly kind: 'boolean' | 'bit' }
  /** bit(n) with more than one bit. */
  | { readonly kind: 'bits'; readonly length: number }
  | { readonly kind: 'integer'; readonly minimum: number | string; readonly maximum: number | string }
  | { readonly kind: 'numeric'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'float'; readonly isSingle: boolean }
  /** `maxLength` is in characters. */
  | { readonly kind: 'string'; readonly maxLength?: number; readonly format?: string }
  /** datetime is `timestamp`, and timestamp is `timestamptz`, as in PostgreSQL. `time` may be negative and longer than a day. */
  | {
      readonly kind: 'json' | 'date' | 'time' | 'timestamp' | 'timestamptz' | 'year' | 'binary' | 'geometry' | 'vector';
    };
