/** What the JSON of a column depends on in its type. Types that are not listed here are strings. */
export type MysqlType =
  /** tinyint(1), unless the config reads it as an integer, and bit(1). */
  | { readonly kind: 'boolean' | 'bit' }
  /** bit(n) with more than one bit. */
  | { readonly kind: 'bits'; readonly length: number }
  | { readonly kind: 'integer'; readonly minimum: number | string; readonly maximum: number | string }
  | { readonly kind: 'numeric'; readonly precision: number; readonly scale: number }
  | FloatType
  | StringType
  /** datetime is `timestamp`, and timestamp is `timestamptz`, as in PostgreSQL. `time` may be negative and longer than a day. */
  | {
      readonly kind: 'json' | 'date' | 'time' | 'timestamp' | 'timestamptz' | 'year' | 'binary' | 'geometry' | 'vector';
    };

interface FloatType {
  readonly kind: 'float';
  readonly isSingle: boolean;
  /** Whether the server's own text has a fixed number of digits, instead of all that the value has. */
  readonly isRounded: boolean;
}

interface StringType {
  readonly kind: 'string';
  /** In characters. */
  readonly maxLength?: number;
  readonly format?: string;
  /**
   * Whether the server may send bytes that are not UTF-8: halves of surrogate pairs, which it stores in the character set ucs2, and labels of an enum with the character set binary.
   */
  readonly mayBeInvalid?: boolean;
}
