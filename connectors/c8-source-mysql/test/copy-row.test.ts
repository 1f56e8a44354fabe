import { anomalyReport, type RowColumn } from 'c8connector-sql';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { converterOf, shortcutOf } from '../c8_source_mysql/convert.ts';
import { rowEncoder } from '../c8_source_mysql/copy-row.ts';
import type { MysqlType } from '../c8_source_mysql/types.ts';

const types: readonly MysqlType[] = [
  { kind: 'integer', minimum: '-9223372036854775808', maximum: '9223372036854775807' },
  { kind: 'string' },
  { kind: 'numeric', precision: 20, scale: 2 },
  { kind: 'binary' },
];

function columnOf(type: MysqlType, index: number, isNullable = true): RowColumn {
  const settings = { policies: { out_of_range_dates: 'null' }, exact: 'number' } as const;
  const anomalies = anomalyReport('some-stream').of(`c${index}`);
  const shortcut = shortcutOf(type, settings);
  return { name: `c${index}`, isNullable, convert: converterOf(type, { ...settings, anomalies }), shortcut };
}

/** A field as the server sends it, with the shortest form of its length. */
function fieldOf(value: Uint8Array | null): Buffer {
  if (value === null) return Buffer.of(0xfb);
  const { length } = value;
  const prefix = Buffer.alloc(length < 251 ? 1 : length < 65_536 ? 3 : 4);
  if (length < 251) prefix[0] = length;
  else {
    prefix[0] = length < 65_536 ? 0xfc : 0xfd;
    prefix.writeUIntLE(length, 1, prefix.length - 1);
  }
  return Buffer.concat([prefix, value]);
}

function linesOf(columns: readonly RowColumn[], rows: readonly Uint8Array[]): string {
  const encoder = rowEncoder(columns, 'some-stream');
  let text = '';
  for (const row of rows) {
    // Rows stand in the middle of a larger chunk.
    const chunk = Buffer.concat([Buffer.from('xx'), row, Buffer.from('yy')]);
    encoder.add(chunk, 2, 2 + row.length);
    for (let page = encoder.nextPage(); page !== undefined; page = encoder.nextPage())
      text += Buffer.from(page.lines).toString();
  }
  const rest = encoder.rest();
  return text + (rest === undefined ? '' : Buffer.from(rest.lines).toString());
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  // Around the borders between the forms of a length.
  fc.constantFrom(0, 250, 251, 252, 255, 256, 65_535, 65_536, 70_000).map((length) => 'x'.repeat(length)),
);
const values = fc.record({
  c0: fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
  c1: fc.option(text),
  c2: fc.option(fc.bigInt(-(10n ** 17n), 10n ** 17n)),
  c3: fc.option(fc.uint8Array({ maxLength: 400 })),
});

test('each row becomes a line with its values, whatever their lengths are', () => {
  const columns = types.map((type, index) => columnOf(type, index));
  fc.assert(
    fc.property(fc.array(values, { maxLength: 20 }), (rows) => {
      const sent = rows.map(({ c0, c1, c2, c3 }) =>
        Buffer.concat([
          fieldOf(c0 === null ? null : Buffer.from(String(c0))),
          fieldOf(c1 === null ? null : Buffer.from(c1)),
          fieldOf(c2 === null ? null : Buffer.from(`${c2}.50`)),
          fieldOf(c3),
        ]),
      );
      const expected = rows.map(
        ({ c0, c1, c2, c3 }) =>
          `{"c0":${c0},"c1":${JSON.stringify(c1)},"c2":${c2 === null ? null : `${c2}.50`},"c3":${c3 === null ? null : `"${Buffer.from(c3).toString('base64')}"`}}\n`,
      );
      expect(linesOf(columns, sent).replaceAll('\\u007f', '\u007f')).toBe(expected.join(''));
    }),
  );
});

test('a row that does not have exactly the announced fields is refused', () => {
  const columns = types.map((type, index) => columnOf(type, index));
  const fields = [fieldOf(Buffer.from('1')), fieldOf(Buffer.from('two')), fieldOf(null), fieldOf(Buffer.of(1, 2, 3))];
  const whole = Buffer.concat(fields);
  expect(linesOf(columns, [whole])).toBe('{"c0":1,"c1":"two","c2":null,"c3":"AQID"}\n');
  const wrong = [
    ...Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length)),
    Buffer.concat([whole, Buffer.of(0)]),
    Buffer.concat([...fields.slice(0, 3), Buffer.of(0xfe, 3, 0, 0, 0, 0, 0, 0, 1), Buffer.of(1, 2, 3)]),
    Buffer.concat([...fields.slice(0, 3), Buffer.of(0xff, 3)]),
  ];
  for (const row of wrong) {
    const read = () => linesOf(columns, [row]);
    expect.soft(read, row.toString('hex')).toThrow(expect.objectContaining({ code: 'server_answer_invalid' }));
  }
});

test('a NULL in a column that was NOT NULL is a changed stream', () => {
  const columns = [columnOf({ kind: 'string' }, 0, false)];
  const read = () => linesOf(columns, [fieldOf(null)]);
  expect(read).toThrow(expect.objectContaining({ code: 'stream_changed' }));
});
