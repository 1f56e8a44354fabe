/** A column's type as far as its JSON depends on it; domains are resolved, and what is not named here is a string. */
export type PostgresType =
  | { readonly kind: 'boolean' }
  /** bit(1). */
  | { readonly kind: 'bit' }
  | { readonly kind: 'integer'; readonly minimum: number | bigint; readonly maximum: number | bigint }
  /** Without precision: unbounded. */
  | { readonly kind: 'numeric'; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'float'; readonly isSingle: boolean }
  | { readonly kind: 'string'; readonly maxLength?: number; readonly format?: string }
  | { readonly kind: 'json' | 'date' | 'time' | 'timetz' | 'timestamp' | 'timestamptz' | 'bytea' | 'hstore' }
  | { readonly kind: 'array'; readonly depth: number; readonly delimiter: string; readonly items: PostgresType };

/** A row of pg_type, with what the resolution needs. Oids are text. */
export interface TypeRow {
  readonly oid: string;
  readonly name: string;
  readonly isBuiltIn: boolean;
  /** Of a domain: its base and the modifier and array depth for it. */
  readonly base: string | null;
  readonly modifier: number;
  readonly dimensions: number;
  /** Of a real array (not int2vector, name or point): the type and the delimiter of its elements. */
  readonly element: string | null;
  readonly delimiter: string | null;
}

/** The type of a column in the description of a query's rows: a domain is announced as its base type. */
export interface AnnouncedType {
  readonly oid: string;
  /** -1 for none. */
  readonly modifier: number;
}

/** What a query will announce a column of this type as. */
export function announcedType(types: ReadonlyMap<string, TypeRow>, oid: string, modifier: number): AnnouncedType {
  const row = types.get(oid);
  return row === undefined || row.base === null ? { oid, modifier } : announcedType(types, row.base, row.modifier);
}

/** The type of a column from its oid, modifier (-1 for none) and declared array depth (0 when the server does not say). */
export function resolveType(
  types: ReadonlyMap<string, TypeRow>,
  oid: string,
  modifier: number,
  dimensions: number,
): PostgresType {
  const row = types.get(oid);
  if (row === undefined) return { kind: 'string' };
  if (row.base !== null) {
    return resolveType(
      types,
      row.base,
      row.modifier === -1 ? modifier : row.modifier,
      Math.max(row.dimensions, dimensions),
    );
  }
  if (row.element !== null) {
    const items = resolveType(types, row.element, modifier, 0);
    return { kind: 'array', depth: Math.max(dimensions, 1), delimiter: row.delimiter ?? ',', items };
  }
  if (row.isBuiltIn) return builtInType(row.name, modifier);
  return row.name === 'hstore' ? { kind: 'hstore' } : { kind: 'string' };
}

function builtInType(name: string, modifier: number): PostgresType {
  switch (name) {
    case 'bool':
      return { kind: 'boolean' };
    case 'bit':
      return modifier === 1 ? { kind: 'bit' } : { kind: 'string' };
    case 'int2':
      return { kind: 'integer', minimum: -(2 ** 15), maximum: 2 ** 15 - 1 };
    case 'int4':
      return { kind: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
    case 'int8':
      return { kind: 'integer', minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n };
    case 'oid':
      return { kind: 'integer', minimum: 0, maximum: 2 ** 32 - 1 };
    case 'numeric':
      return modifier === -1 ? { kind: 'numeric' } : numericType(modifier);
    case 'float4':
    case 'float8':
      return { kind: 'float', isSingle: name === 'float4' };
    case 'bpchar':
    case 'varchar':
      // The modifier counts four bytes of header; char without a length has none.
      return modifier === -1 ? { kind: 'string' } : { kind: 'string', maxLength: modifier - 4 };
    case 'uuid':
      return { kind: 'string', format: 'uuid' };
    case 'interval':
      return { kind: 'string', format: 'duration' };
    case 'json':
    case 'jsonb':
      return { kind: 'json' };
    case 'date':
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamptz':
    case 'bytea':
      return { kind: name };
    default:
      return { kind: 'string' };
  }
}

/** Precision stands in the upper half of the modifier, the scale in 11 bits with sign (PostgreSQL 15; before, it was never negative). */
function numericType(modifier: number): PostgresType {
  const packed = modifier - 4;
  return { kind: 'numeric', precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 0x400) - 0x400 };
}
