import type { MysqlConfig } from './config.ts';
import type { MysqlType } from './types.ts';

/** What the server says about the type of a column. */
export interface ColumnType {
  /** Lower case, without length: `int`. */
  readonly dataType: string;
  /** The whole declaration: `int(10) unsigned`. */
  readonly columnType: string;
  readonly maxLength: number | string | null;
  readonly numericPrecision: number | null;
  readonly numericScale: number | null;
  readonly charset: string | null;
}

export type TypeSettings = Pick<MysqlConfig, 'tinyint1_as_boolean'>;

/** Bits of the integers. */
const integers: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};
const geometries =
  /^(?:geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)$/;

/** Whether a type holds geometries. */
export function isGeometry(dataType: string): boolean {
  return geometries.test(dataType);
}

/** Whether a declaration is tinyint(1), by which applications mean a boolean. An unsigned one is a number: MySQL reports it without its length. */
export function isTinyint1(columnType: string): boolean {
  return /^tinyint\(1\)(?! unsigned)/.test(columnType);
}

/** The type of a column. */
export function resolveType(column: ColumnType & { readonly isJson: boolean }, settings: TypeSettings): MysqlType {
  const { dataType, columnType, isJson } = column;
  const bits = integers[dataType];
  if (bits !== undefined) {
    const isFlag = isTinyint1(columnType) && settings.tinyint1_as_boolean;
    return isFlag ? { kind: 'boolean' } : integerType(bits, /\bunsigned\b/.test(columnType));
  }
  if (isJson || dataType === 'json') return { kind: 'json' };
  if (isGeometry(dataType)) return { kind: 'geometry' };
  switch (dataType) {
    case 'decimal':
      return { kind: 'numeric', precision: column.numericPrecision ?? 10, scale: column.numericScale ?? 0 };
    case 'float':
    case 'double':
      return floatType(dataType === 'float', columnType);
    case 'bit':
      return column.numericPrecision === 1 ? { kind: 'bit' } : { kind: 'bits', length: column.numericPrecision ?? 1 };
    case 'datetime':
      return { kind: 'timestamp' };
    case 'timestamp':
      return { kind: 'timestamptz' };
    case 'date':
    case 'time':
    case 'year':
    case 'vector':
      return { kind: dataType };
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return { kind: 'binary' };
    case 'char':
    case 'varchar':
      return { kind: 'string', maxLength: Number(column.maxLength), ...invalidity(column) };
    case 'uuid':
      return { kind: 'string', format: 'uuid' };
    default:
      return { kind: 'string', ...invalidity(column) };
  }
}

function floatType(isSingle: boolean, columnType: string): MysqlType {
  return { kind: 'float', isSingle, isRounded: isSingle || /\(|\bzerofill\b/.test(columnType) };
}

function invalidity({ dataType, charset }: ColumnType): { readonly mayBeInvalid?: boolean } {
  const isBytes = (dataType === 'enum' || dataType === 'set') && (charset === null || charset === 'binary');
  return isBytes || charset === 'ucs2' ? { mayBeInvalid: true } : {};
}

function integerType(bits: bigint, isUnsigned: boolean): MysqlType {
  const [minimum, maximum] = isUnsigned ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
  const plain = (value: bigint) => (bits <= 32n ? Number(value) : String(value));
  return { kind: 'integer', minimum: isUnsigned ? 0 : plain(minimum), maximum: plain(maximum) };
}
