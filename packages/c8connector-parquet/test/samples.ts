import type { ColumnType } from '../src/columns.ts';
import type { Cell } from './blocks.ts';

/** A type, and different values of it: the n-th. Their ends and odd ones come first. */
export interface Sample {
  readonly type: ColumnType;
  readonly value: (index: number) => Cell;
}

function first(edges: readonly Cell[], rest: (index: number) => Cell): (index: number) => Cell {
  return (index) => (index < edges.length ? (edges[index] ?? null) : rest(index));
}

const text = first(
  ['', 'a', 'tab\tnewline\nquote"backslash\\', 'žluťoučký 🐎', '\u0000', 'x'.repeat(300)],
  (index) => `text number ${index}`,
);
const large = (digits: number) =>
  first(
    [0n, 10n ** BigInt(digits) - 1n, 1n - 10n ** BigInt(digits), -1n, 1n],
    (index) => BigInt.asIntN(50, BigInt(index) * 0x9e3779b97f4a7c15n) % 10n ** BigInt(digits),
  );
const integer = (bits: bigint): ColumnType => ({
  kind: 'integer',
  minimum: -(2n ** (bits - 1n)),
  maximum: 2n ** (bits - 1n) - 1n,
});
const list = (items: ColumnType): ColumnType => ({ kind: 'list', items });

/** Lists of 0 to 3 items, some of them null. */
function lists(item: (index: number) => Cell): (index: number) => Cell {
  return (index) =>
    Array.from({ length: index % 4 }, (_, offset) => ((index + offset) % 5 === 4 ? null : item(index + offset)));
}

const numbers = first(
  [0, -0, Number.NaN, 1.5, -1.5, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308],
  (index) => Math.sin(index),
);
/** 0001-01-01 and 9999-12-31 in microseconds. */
const moments = first(
  [0n, -1n, -62_135_596_800_000_000n, 253_402_300_799_999_999n],
  (index) => BigInt(index) * 86_400_123_457n,
);
const scalars: Readonly<Record<string, Sample>> = {
  boolean: { type: { kind: 'boolean' }, value: (index) => index % 3 === 0 },
  int8: { type: integer(8n), value: first([-128, 127, 0], (index) => (index % 256) - 128) },
  int16: { type: integer(16n), value: first([-32_768, 32_767, 0], (index) => index - 300) },
  int32: { type: integer(32n), value: first([-2_147_483_648, 2_147_483_647, 0], (index) => index * 7919) },
  int64: {
    type: { kind: 'integer' },
    value: first([-(2n ** 63n), 2n ** 63n - 1n, 0n, 2n ** 32n, -1n], (index) => BigInt(index) * 4_294_967_299n),
  },
  unsigned64: {
    type: { kind: 'integer', minimum: 0n, maximum: 2n ** 64n - 1n },
    value: first([0n, 2n ** 64n - 1n], BigInt),
  },
  integerOfAnySize: { type: { kind: 'integer', minimum: -(10n ** 30n), maximum: 10n ** 30n }, value: large(30) },
  decimal5: { type: { kind: 'decimal', precision: 5, scale: 2 }, value: large(5) },
  decimal18: { type: { kind: 'decimal', precision: 18, scale: 18 }, value: large(18) },
  decimal19: { type: { kind: 'decimal', precision: 19, scale: 0 }, value: large(19) },
  decimal38: { type: { kind: 'decimal', precision: 38, scale: 10 }, value: large(38) },
  decimal39: { type: { kind: 'decimal', precision: 39, scale: 0 }, value: (index) => `${index}` },
  numeric: { type: { kind: 'numeric' }, value: (index) => `${index}.000` },
  real: {
    type: { kind: 'real' },
    value: first([0, -0, Number.NaN, -3.4028234663852886e38, 2 ** -149, 3.4028234663852886e38], (index) =>
      Math.fround(Math.sin(index)),
    ),
  },
  double: { type: { kind: 'double' }, value: numbers },
  text: { type: { kind: 'text' }, value: text },
  date: { type: { kind: 'date' }, value: first([0, -1, -719_162, 2_932_896], (index) => index * 11) },
  time: { type: { kind: 'time' }, value: first([0n, 86_399_999_999n], (index) => BigInt(index) * 1_234_567n) },
  timestamp: { type: { kind: 'timestamp' }, value: moments },
  timestamptz: { type: { kind: 'timestamptz' }, value: moments },
  binary: {
    type: { kind: 'binary' },
    value: first([new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(255, 254)], (index) =>
      Uint8Array.of(index, index >>> 8, 128),
    ),
  },
  json: { type: { kind: 'json' }, value: (index) => `{"digits":12345678901234567890.${index}}` },
};

/** Every type, every layout within lists, and lists to a depth of three. */
export const samples: Readonly<Record<string, Sample>> = {
  ...scalars,
  ...Object.fromEntries(
    Object.entries(scalars).map(([name, { type, value }]) => [
      `list of ${name}`,
      { type: list(type), value: lists(value) },
    ]),
  ),
  'list of lists': { type: list(list(integer(32n))), value: lists(lists((index) => index)) },
  'list of lists of lists': { type: list(list(list({ kind: 'text' }))), value: lists(lists(lists(text))) },
};

/** Whether the value of a row is null, of this many rows. */
export const nullPatterns: Readonly<Record<string, (row: number, rows: number) => boolean>> = {
  none: () => false,
  some: (row) => row % 3 === 1,
  all: () => true,
  'the first': (row) => row === 0,
  'the last': (row, rows) => row === rows - 1,
};
