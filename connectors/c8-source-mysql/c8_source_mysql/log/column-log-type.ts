import type { MysqlConfig } from '../config.ts';
import { isGeometry, resolveType } from '../resolve-type.ts';
import type { MysqlType } from '../types.ts';
import type { LogColumn } from './binlog/events.ts';

/** The declaration of a column in the catalog. */
export interface Declaration {
  /** Lower case, without length: `int`. */
  readonly dataType: string;
  /** The whole declaration: `int(10) unsigned`. */
  readonly columnType: string;
  /** The most bytes of a text, or of bytes. */
  readonly octets: number | string | null;
}

type TypeAndMeta = Pick<LogColumn, 'type' | 'meta'>;

/** Types that have one number in the log. */
const plain: Readonly<Record<string, number>> = {
  tinyint: 1,
  smallint: 2,
  mediumint: 9,
  int: 3,
  bigint: 8,
  float: 4,
  double: 5,
  date: 10,
  year: 13,
  json: 245,
  vector: 242,
};
const blobs: Readonly<Record<string, number>> = { tiny: 1, '': 2, medium: 3, long: 4 };

/** Each type of a time, in its present form and in that of servers before 5.6. */
const times: Readonly<Record<string, readonly [now: number, before: number]>> = {
  time: [19, 11],
  datetime: [18, 12],
  timestamp: [17, 7],
};

/** Whether a column of the log can be one with this declaration: all values of it are then decoded alike. */
export function isOfType(declaration: Declaration, column: TypeAndMeta & Pick<LogColumn, 'isUnsigned'>): boolean {
  const { dataType, columnType } = declaration;
  const isUnsigned = /\b(?:unsigned|zerofill)\b/.test(columnType);
  if (column.isUnsigned !== undefined && dataType !== 'year' && column.isUnsigned !== isUnsigned) return false;
  const time = times[dataType];
  if (time !== undefined && column.type === time[1]) return true;
  const expected = typeOf(declaration);
  if (expected === undefined || expected.type !== column.type) return false;
  // A float has its size there, which is always the same.
  return dataType in plain || expected.meta === column.meta;
}

/** The type in the log of a column with this declaration; undefined for one that is unknown. */
function typeOf({ dataType, columnType, octets }: Declaration): TypeAndMeta | undefined {
  const number = plain[dataType];
  if (number !== undefined) return { type: number, meta: 0 };
  const [first = 0, second = 0] = (/\(([\d,]+)\)/.exec(columnType)?.[1] ?? '').split(',').map(Number);
  if (times[dataType] !== undefined) return { type: times[dataType][0], meta: first };
  if (isGeometry(dataType)) return { type: 255, meta: 4 };
  const isCompressed = /COMPRESSED/.test(columnType);
  const [, size] = /^(tiny||medium|long)(?:blob|text)$/.exec(dataType) ?? [];
  if (size !== undefined) return { type: isCompressed ? 140 : 252, meta: blobs[size] ?? 0 };
  switch (dataType) {
    case 'decimal':
      return { type: 246, meta: (first << 8) | second };
    case 'bit':
      return { type: 16, meta: first };
    case 'char':
    case 'binary':
      return { type: 254, meta: Number(octets ?? 0) };
    case 'varchar':
    case 'varbinary':
      // A compressed value has one byte more, for the way of its compression.
      return { type: isCompressed ? 141 : 15, meta: Number(octets ?? 0) + (isCompressed ? 1 : 0) };
    case 'uuid':
    case 'inet6':
      return { type: 254, meta: 16 };
    case 'inet4':
      return { type: 254, meta: 4 };
    case 'enum':
      return { type: 247, meta: labelCount(columnType) > 255 ? 2 : 1 };
    case 'set': {
      const bytes = (labelCount(columnType) + 7) >> 3;
      return { type: 248, meta: bytes > 4 ? 8 : bytes };
    }
    default:
      return undefined;
  }
}

/** The labels in `enum('a','it''s')`. */
function labelCount(columnType: string): number {
  return columnType.match(/'(?:[^']|'')*'/g)?.length ?? 0;
}

const binaryCollation = 63;
const names: ReadonlyMap<number, string> = new Map([
  ...Object.entries(plain).map(([name, type]) => [type, name] as const),
  ...Object.entries(times).flatMap(([name, types]) => types.map((type) => [type, name] as const)),
  ...([
    [14, 'date'],
    [16, 'bit'],
    [246, 'decimal'],
    [247, 'enum'],
    [248, 'set'],
    [255, 'geometry'],
  ] as const),
]);

/** The type of a column that the catalog does not have, or no longer with this type. */
export function typeOfLog({ type, meta, isUnsigned, collation }: LogColumn, config: MysqlConfig): MysqlType {
  const known = names.get(type);
  const dataType = known ?? (collation === binaryCollation ? 'blob' : 'text');
  return resolveType(
    {
      dataType,
      columnType: `${dataType}${isUnsigned === true ? ' unsigned' : ''}`,
      maxLength: null,
      numericPrecision: dataType === 'decimal' ? meta >> 8 : meta,
      numericScale: dataType === 'decimal' ? meta & 255 : 0,
      charset: null,
      isJson: false,
    },
    config,
  );
}
