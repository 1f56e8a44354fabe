/** What the JSON of a column depends on in its type; domains are resolved, and types that are not listed here are strings. */
export type PostgresType =
  | { readonly kind: 'boolean' }
  /** bit(1). */
  | { readonly kind: 'bit' }
  | { readonly kind: 'integer'; readonly minimum: number | string; readonly maximum: number | string }
  /** Without precision: unbounded. */
  | { readonly kind: 'numeric'; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'float'; readonly isSingle: boolean }
  /** `scale` is the number of fraction digits of the database's own lc_monetary. */
  | { readonly kind: 'money'; readonly scale: number }
  | { readonly kind: 'string'; readonly maxLength?: number; readonly format?: string }
  | { readonly kind: 'json' | 'date' | 'time' | 'timetz' | 'timestamp' | 'timestamptz' | 'interval' | 'bytea' }
  | { readonly kind: 'hstore' }
  | ArrayType;

export interface ArrayType {
  readonly kind: 'array';
  /** The declared depth; 0 when the server has none, as for views. Values may have any other depth. */
  readonly depth: number;
  readonly delimiter: string;
  readonly items: PostgresType;
}

/** A row of pg_type, with what is needed to resolve a type. Oids are text. */
export interface TypeRow {
  readonly oid: string;
  readonly name: string;
  /** With its schema, in quotes. */
  readonly quotedName: string;
  /** The operators of its default order in SQL: `<`, `<=`, `=`, `>=`, `>`; empty for a type without an order. */
  readonly operators: readonly string[];
  /** The extension that the type belongs to. The name alone does not identify a type, since anyone may create a type of any name. */
  readonly extension: string | null;
  /** For a domain: its base type, with modifier and array depth. */
  readonly base: string | null;
  readonly modifier: number;
  readonly dimensions: number;
  /** For a real array (not int2vector, name or point): the type and the delimiter of its elements. */
  readonly element: string | null;
  readonly delimiter: string | null;
}

/** The server's description of the types of columns. */
export interface ServerTypes {
  readonly rows: ReadonlyMap<string, TypeRow>;
  /** Fraction digits of money. */
  readonly moneyScale: number;
}

/** The oid of money, which is the same on all servers. */
export const moneyOid = '790';

/** The type of a column in the description of a query's result, in which a domain appears as its base type. */
export interface AnnouncedType {
  readonly oid: string;
  /** -1 for none. */
  readonly modifier: number;
}

/** How the result of a query will describe a column of this type. */
export function announcedType(types: ServerTypes, oid: string, modifier: number): AnnouncedType {
  const row = types.rows.get(oid);
  return row === undefined || row.base === null ? { oid, modifier } : announcedType(types, row.base, row.modifier);
}

/** The type of a column from its oid, modifier (-1 for none) and declared array depth (0 when the server does not report it). */
export function resolveType(types: ServerTypes, oid: string, modifier: number, dimensions: number): PostgresType {
  const row = types.rows.get(oid);
  if (row === undefined) return { kind: 'string' };
  if (row.base !== null) {
    const depth = Math.max(row.dimensions, dimensions);
    return resolveType(types, row.base, row.modifier === -1 ? modifier : row.modifier, depth);
  }
  if (row.element !== null) {
    const items = resolveType(types, row.element, modifier, 0);
    return { kind: 'array', depth: dimensions, delimiter: row.delimiter ?? ',', items };
  }
  if (row.extension === 'hstore' && row.name === 'hstore') return { kind: 'hstore' };
  return oid === moneyOid ? { kind: 'money', scale: types.moneyScale } : builtInType(oid, modifier);
}

/** By the oids of pg_type.dat, which never change. */
function builtInType(oid: string, modifier: number): PostgresType {
  switch (oid) {
    case '16': // bool
      return { kind: 'boolean' };
    case '1560': // bit
      return modifier === 1 ? { kind: 'bit' } : { kind: 'string' };
    case '21': // int2
      return { kind: 'integer', minimum: -(2 ** 15), maximum: 2 ** 15 - 1 };
    case '23': // int4
      return { kind: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
    case '20': // int8
      return { kind: 'integer', minimum: '-9223372036854775808', maximum: '9223372036854775807' };
    case '26': // oid
      return { kind: 'integer', minimum: 0, maximum: 2 ** 32 - 1 };
    case '1700': // numeric
      return modifier === -1 ? { kind: 'numeric' } : numericType(modifier);
    case '700': // float4
    case '701': // float8
      return { kind: 'float', isSingle: oid === '700' };
    case '1042': // bpchar
    case '1043': // varchar
      // The modifier counts four bytes of header; char without a length has none.
      return modifier === -1 ? { kind: 'string' } : { kind: 'string', maxLength: modifier - 4 };
    case '2950': // uuid
      return { kind: 'string', format: 'uuid' };
    case '114': // json
    case '3802': // jsonb
      return { kind: 'json' };
    case '1082':
      return { kind: 'date' };
    case '1083':
      return { kind: 'time' };
    case '1266':
      return { kind: 'timetz' };
    case '1114':
      return { kind: 'timestamp' };
    case '1184':
      return { kind: 'timestamptz' };
    case '1186':
      return { kind: 'interval' };
    case '17':
      return { kind: 'bytea' };
    default:
      return { kind: 'string' };
  }
}

/** The precision is in the upper half of the modifier, and the scale in 11 bits with sign (since PostgreSQL 15; before, it was never negative). */
function numericType(modifier: number): PostgresType {
  const packed = modifier - 4;
  return { kind: 'numeric', precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 0x400) - 0x400 };
}
