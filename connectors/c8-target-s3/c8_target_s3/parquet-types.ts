import type { ColumnType } from 'c8connector';

/** How a value, read as text, gets into a Parquet column. */
export interface ParquetType {
  /** DuckDB's name of the type. */
  readonly type: string;
  /** SQL that makes the stored value of the text `x`: NULL when the text is NULL, and when the type cannot hold exactly what it says. */
  readonly convert: (x: string) => string;
  /**
   * SQL that is true when `v`, the plain cast of the text `x`, is what it says: most values need no more than this. Absent when the cast alone proves nothing.
   */
  readonly isPlain?: (x: string, v: string) => string;
  /** What a value must be to be held; ends the sentence "is not …". */
  readonly wanted: string;
  /** What else helps than a change of the row. */
  readonly remedy?: string;
  /** Read as JSON instead of text: lists. */
  readonly isJson?: true;
}

/** How times without a zone are stored; a TIME holds no 24:00:00, and some readers take no file that has one. */
export type TimeType = 'text' | 'time';

/** The Parquet type of a column. What has no typed form in Parquet is text, with all its digits. */
export function parquetType(type: ColumnType, timeType: TimeType): ParquetType {
  switch (type.kind) {
    case 'boolean':
      return {
        type: 'BOOLEAN',
        convert: (x) => `CASE ${x} WHEN 'true' THEN true WHEN 'false' THEN false END`,
        wanted: 'true or false',
      };
    case 'integer':
      return integer(integerType(type.minimum, type.maximum));
    case 'decimal':
      return decimal(type.precision, type.scale);
    case 'real':
      return floating('FLOAT');
    case 'double':
      return floating('DOUBLE');
    case 'date':
      return date;
    case 'time':
      return timeType === 'time' ? time : text;
    case 'timestamp':
      return { type: 'TIMESTAMP', convert: timestamp, wanted: wantedTimestamp };
    case 'timestamptz':
      // Not a cast, which would send each value through a calendar.
      return {
        type: 'TIMESTAMPTZ',
        convert: (x) => `make_timestamptz(epoch_us(${timestamp(x)}))`,
        wanted: wantedTimestamp,
      };
    case 'binary':
      return { type: 'BLOB', convert: (x) => `TRY(from_base64(${x}))`, wanted: 'base64' };
    case 'list':
      return list(type.items, 1, timeType);
    case 'json':
      return json;
    case 'text':
    case 'numeric':
      return text;
  }
}

const text: ParquetType = { type: 'VARCHAR', convert: (x) => x, wanted: 'text' };

const json: ParquetType = {
  type: 'JSON',
  convert: (x) => tried(x, 'JSON'),
  wanted: 'JSON of whole characters',
  remedy:
    'Half of a surrogate pair (\\ud800) is none: correct it in the source, which may hold it as an escape in a column of the type json.',
};

/** Reading back as the text that came is the cheapest proof that nothing was rounded, cut or dropped. */
function readsBack(x: string, v: string): string {
  return `CAST(${v} AS VARCHAR) = ${x}`;
}

function tried(x: string, type: string): string {
  return `TRY_CAST(${x} AS ${type})`;
}

function matches(x: string, pattern: string): string {
  return `regexp_full_match(${x}, '${pattern}')`;
}

/** The smallest type that holds all values within the bounds, signed when that costs nothing. */
function integerType(minimum = -(2n ** 63n), maximum = 2n ** 63n - 1n): string {
  const width = (bits: bigint, name: string) => ({ bits, name });
  const widths = [width(8n, 'TINYINT'), width(16n, 'SMALLINT'), width(32n, 'INTEGER'), width(64n, 'BIGINT')];
  for (const { bits, name } of widths) {
    if (minimum >= -(2n ** (bits - 1n)) && maximum < 2n ** (bits - 1n)) return name;
    if (minimum >= 0n && maximum < 2n ** bits) return `U${name}`;
  }
  return 'DECIMAL(38,0)';
}

function integer(type: string): ParquetType {
  return {
    type,
    // 1.0 is an integer too; with more digits it has already passed through a double
    convert: (x) =>
      `CASE WHEN ${readsBack(x, tried(x, type))} OR ${matches(x, '-?\\d{1,15}(\\.0*)?')} THEN ${tried(x, type)} END`,
    isPlain: readsBack,
    wanted: `an integer that ${type} holds`,
  };
}

function decimal(precision: number, scale: number): ParquetType {
  if (precision > 38 || precision < 1 || scale < 0 || scale > precision) return text;
  const type = `DECIMAL(${precision},${scale})`;
  return {
    type,
    // An exponent says that the value was a double: then being the same double is being the same value.
    convert: (x) =>
      `CASE WHEN ${readsBack(x, tried(x, type))} OR ${matches(x, `[+-]?\\d*(\\.\\d{0,${scale}}0*)?`)} THEN ${tried(x, type)} ` +
      `WHEN ${matches(x, '[+-]?\\d(\\.\\d{0,16})?[eE][+-]?\\d{1,3}')} AND CAST(${tried(x, type)} AS DOUBLE) = CAST(${x} AS DOUBLE) ` +
      `THEN ${tried(x, type)} END`,
    isPlain: readsBack,
    wanted: `a decimal that ${type} holds without rounding`,
  };
}

function floating(type: 'FLOAT' | 'DOUBLE'): ParquetType {
  return {
    type,
    convert: (x) => `CASE WHEN isfinite(${tried(x, type)}) THEN ${tried(x, type)} END`,
    isPlain: (_, v) => `isfinite(${v})`,
    wanted: `a finite number that ${type} holds`,
  };
}

const isPlainDate = (x: string, v: string) => `(${readsBack(x, v)} AND isfinite(${v}))`;

const date: ParquetType = {
  type: 'DATE',
  convert: (x) =>
    `CASE WHEN ${isPlainDate(x, tried(x, 'DATE'))} THEN ${tried(x, 'DATE')} ` +
    `WHEN ${matches(x, '\\d{4}-\\d\\d-\\d\\d[T ]00:00:00(\\.0+)?(Z|[+-]00:?00)?')} THEN ${tried(`left(${x}, 10)`, 'DATE')} END`,
  isPlain: isPlainDate,
  wanted: 'a date of the calendar, YYYY-MM-DD',
};

/** 24:00:00 reads back as well, but no Parquet reader takes a time of a whole day. */
const isPlainTime = (x: string, v: string) => `(${readsBack(x, v)} AND NOT starts_with(${x}, '24'))`;

const time: ParquetType = {
  type: 'TIME',
  convert: (x) =>
    `CASE WHEN ${isPlainTime(x, tried(x, 'TIME'))} ` +
    `OR ${matches(x, '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6}0*)?)?(Z|[+-]00(:?00)?)?')} THEN ${tried(x, 'TIME')} END`,
  isPlain: isPlainTime,
  wanted: 'a time before 24:00 in UTC or without a zone, to the microsecond',
  remedy: 'Set time_type to text, which holds every time.',
};

const wantedTimestamp = 'a point in time of the calendar, to the microsecond';

/** The first case is what most sources write, and needs no pattern; DuckDB's TIMESTAMP ignores the offset, so it must be zero there. */
function timestamp(x: string): string {
  const pattern = '\\d{4}-\\d\\d-\\d\\d([T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,6}0*)?)?( ?(Z|[+-]\\d\\d(:?\\d\\d)?))?)?';
  return (
    `CASE WHEN strlen(${x}) BETWEEN 20 AND 32 AND (ends_with(${x}, '+00:00') OR (ends_with(${x}, 'Z') AND strlen(${x}) <= 27)) ` +
    `THEN TRY_CAST(${x} AS TIMESTAMP) ` +
    `WHEN ${matches(x, pattern)} THEN make_timestamp(epoch_us(TRY_CAST(${x} AS TIMESTAMPTZ))) END`
  );
}

/** `depth` keeps the variables of nested lambdas apart. A value that is not a list, or holds something that its items cannot be, gives NULL as a whole. */
function list(items: ColumnType, depth: number, timeType: TimeType): ParquetType {
  const item = items.kind === 'list' ? list(items.items, depth + 1, timeType) : itemOf(items, timeType);
  const e = `e${depth}`;
  const value = item.convert(e);
  return {
    type: `${item.type}[]`,
    isJson: true,
    convert: (x) => {
      const elements = `TRY(CAST(${x} AS JSON[]))`;
      const isBad = `list_filter(${elements}, lambda ${e}: ${e} IS NOT NULL AND (${value}) IS NULL)`;
      return `CASE WHEN len(${isBad}) = 0 THEN list_transform(${elements}, lambda ${e}: ${value}) END`;
    },
    wanted: `a list whose items are ${item.wanted}`,
    remedy:
      'When lists of the column differ in depth, have the source describe it as JSON: arrays: json of c8-source-postgres.',
  };
}

/** Items are read as JSON, since a list that is deeper than its column would pass for text otherwise. */
function itemOf(type: ColumnType, timeType: TimeType): ParquetType {
  const scalar = parquetType(type, timeType);
  return {
    ...scalar,
    convert: (e) => `CASE WHEN json_type(${e}) NOT IN ('ARRAY', 'OBJECT') THEN ${scalar.convert(`(${e}->>'$')`)} END`,
  };
}
