import type { ColumnDefinition } from './column-definition.ts';
import { type ColumnType, isGeometry, isTinyint1 } from './resolve-type.ts';

/** How the result of a query must describe a column that did not change. Undefined properties are not compared. */
export interface AnnouncedType {
  /** Numbers of the types that it may have. */
  readonly types: readonly number[];
  /** Whether it is text, which has a character set, or bytes. */
  readonly isText?: boolean;
  readonly isUnsigned?: boolean;
  /** Digits after the point. */
  readonly decimals?: number;
  /** The most bytes of a value; `isTinyint1` compares only whether the length is 1. */
  readonly length?: number;
  readonly isTinyint1?: boolean;
  /** The name of a type or format of MariaDB; '' for none. */
  readonly extension?: string;
}

const integers: Readonly<Record<string, number>> = { tinyint: 1, smallint: 2, mediumint: 9, int: 3, bigint: 8 };
const others: Readonly<Record<string, readonly number[]>> = {
  // A float is selected as a double.
  float: [4, 5],
  double: [4, 5],
  date: [10, 14],
  datetime: [12, 18],
  timestamp: [7, 17],
  time: [11, 19],
  year: [13],
  json: [245],
  enum: [247],
  set: [248],
  vector: [242],
};
/** char, varchar, texts and blobs: which one it is changes only the length. */
const strings = [15, 249, 250, 251, 252, 253, 254];
const decimal = [0, 246];
const year = 13;
const bit = 16;
const geometry = 255;
/** A column of a view that is always NULL. */
const nothing = 6;

/** Types whose names MariaDB sends, and which would otherwise be texts. */
const extended = ['uuid', 'inet4', 'inet6'];
/** Bytes of a character in utf8mb4, the character set of the session. */
const characterSize = 4;

/** How results describe a column of a table or a view. */
export function announcedType(column: ColumnType & { readonly isJson: boolean }, isView: boolean): AnnouncedType {
  const announced = ofTable(column);
  if (!isView) return announced;
  // Expressions come in other types than the server declares for them, such as bigint for int: only the kind of the type counts.
  const { types, isText, extension } = announced;
  const kind = isInteger(column) ? [...Object.values(integers), year] : types;
  return {
    types: [...kind, nothing],
    ...(isText !== undefined && { isText }),
    ...(extension !== undefined && { extension }),
  };
}

function ofTable(column: ColumnType & { readonly isJson: boolean }): AnnouncedType {
  const { dataType } = column;
  if (isInteger(column)) return announcedInteger(column);
  if (dataType === 'decimal') return announcedDecimal(column);
  if (dataType === 'bit') return { types: [bit], length: column.numericPrecision ?? 1 };
  if (isGeometry(dataType)) return { types: [geometry] };
  const types = others[dataType];
  if (types !== undefined) return { types };
  return /binary|blob/.test(dataType) ? { types: strings, isText: false } : announcedText(column);
}

function isInteger({ dataType }: ColumnType): boolean {
  return integers[dataType] !== undefined;
}

function announcedInteger({ dataType, columnType }: ColumnType): AnnouncedType {
  const isUnsigned = /\bunsigned\b/.test(columnType);
  const isFlag = dataType === 'tinyint' && !isUnsigned ? { isTinyint1: isTinyint1(columnType) } : {};
  return { types: [integers[dataType] as number], isUnsigned, ...isFlag };
}

function announcedDecimal({ numericPrecision, numericScale, columnType }: ColumnType): AnnouncedType {
  const [precision, decimals] = [numericPrecision ?? 10, numericScale ?? 0];
  const isUnsigned = /\bunsigned\b/.test(columnType);
  return { types: decimal, isUnsigned, decimals, length: precision + (decimals > 0 ? 1 : 0) + (isUnsigned ? 0 : 1) };
}

function announcedText(column: ColumnType & { readonly isJson: boolean }): AnnouncedType {
  const { dataType, columnType, maxLength, isJson } = column;
  const text = { types: strings, isText: true };
  if (extended.includes(dataType)) return { ...text, extension: dataType };
  if (dataType === 'longtext') return { ...text, extension: isJson ? 'json' : '' };
  // The length of a compressed column is that of its storage.
  const hasLength = (dataType === 'char' || dataType === 'varchar') && !/COMPRESSED/.test(columnType);
  return hasLength ? { ...text, length: characterSize * Number(maxLength) } : text;
}

/** Whether a column of a result is as it was discovered. */
export function isAsAnnounced(announced: AnnouncedType, found: ColumnDefinition): boolean {
  const { types, isText, isUnsigned, decimals, length, extension } = announced;
  return (
    types.includes(found.type) &&
    (isText === undefined || found.type === nothing || isText === (found.collation !== binaryCollation)) &&
    (isUnsigned === undefined || isUnsigned === found.isUnsigned) &&
    (decimals === undefined || decimals === found.decimals) &&
    (length === undefined || length === found.length) &&
    (announced.isTinyint1 === undefined || announced.isTinyint1 === (found.length === 1)) &&
    (found.extension === undefined || hasExtension(found.extension, extension))
  );
}

/** Where none is announced, a text may be JSON for the server, but it is not of another type. */
function hasExtension(found: string, announced: string | undefined): boolean {
  return announced === undefined ? !extended.includes(found) : announced === found;
}

const binaryCollation = 63;

const names: Readonly<Record<number, string>> = {
  ...{ 0: 'decimal', 1: 'tinyint', 2: 'smallint', 3: 'int', 4: 'float', 5: 'double', 7: 'timestamp', 8: 'bigint' },
  ...{ 9: 'mediumint', 10: 'date', 11: 'time', 12: 'datetime', 13: 'year', 16: 'bit', 242: 'vector', 245: 'json' },
  ...{ 246: 'decimal', 247: 'enum', 248: 'set', 255: 'geometry' },
};

/** The type of a column of a result, as precisely as the server describes it there. */
export function nameOfType(found: ColumnDefinition): string {
  const { type, length, decimals, isUnsigned, collation, extension } = found;
  const sign = isUnsigned ? ' unsigned' : '';
  if (decimal.includes(type)) return `decimal(${precisionOf(found)},${decimals})${sign}`;
  if (type === 1 && length === 1 && !isUnsigned) return 'tinyint(1)';
  if (type === bit) return `bit(${length})`;
  const name = names[type];
  if (name !== undefined) return type <= 9 ? name + sign : name;
  if (!strings.includes(type)) return `type ${type}`;
  if (extension) return extension;
  if (collation === binaryCollation)
    return type >= 249 && type <= 252 ? 'blob' : `${stringNames[type]}binary(${length})`;
  return type >= 249 && type <= 252 ? 'text' : `${stringNames[type]}char(${length / characterSize})`;
}

const stringNames: Readonly<Record<number, string>> = { 15: 'var', 253: 'var', 254: '' };

function precisionOf({ length, decimals, isUnsigned }: ColumnDefinition): number {
  return length - (decimals > 0 ? 1 : 0) - (isUnsigned ? 0 : 1);
}
