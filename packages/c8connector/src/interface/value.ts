/** A JSON value that keeps every digit: integers beyond 2^53 are a bigint, fractions that a double would change a {@link Decimal}. */
export type Value =
  | null
  | boolean
  | string
  | number
  | bigint
  | Decimal
  | readonly Value[]
  | { readonly [key: string]: Value };

/** One row. An absent key means "unchanged", null means null. */
export type Row = { readonly [column: string]: Value };

/** Marks a Decimal of any copy of the package: a connector may have its own. */
const marker = Symbol.for('c8connector.decimal');

/** A number in the exact text that its server or file wrote, such as `1234.50`; never computed with here. `instanceof` also knows those of another copy of the package. */
export class Decimal {
  static {
    Object.defineProperty(Decimal.prototype, marker, { value: true });
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && marker in value;
  }

  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  /** A string, since `JSON.stringify` knows no exact number; `stringifyValue` writes the digits as they are. */
  toJSON(): string {
    return this.text;
  }
}
