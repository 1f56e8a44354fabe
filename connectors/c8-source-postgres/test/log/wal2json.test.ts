import { describe, expect, test } from 'vitest';
import type { PostgresStream } from '../../c8_source_postgres/discover.ts';
import { type Change, type LogMessage, pgoutputDecoder, type Relation } from '../../c8_source_postgres/log/pgoutput.ts';
import { wal2jsonTranslation } from '../../c8_source_postgres/log/wal2json/translate.ts';

const stream = {
  ...{ id: 'public-t', oid: '16400', schemaName: 'public', tableName: 't', keyProperties: ['id'] },
  columns: [
    { name: 'id', announced: { oid: '23', modifier: -1 } },
    { name: 'n', announced: { oid: '1700', modifier: -1 } },
    { name: 'large', announced: { oid: '25', modifier: -1 } },
  ],
} as unknown as PostgresStream;

const of = (action: string, more: string): string => `{"action":"${action}","schema":"public","table":"t",${more}}`;
const id = (value: number): string => `{"name":"id","type":"integer","typeoid":23,"value":${value}}`;
const n = (value: string): string => `{"name":"n","type":"numeric(30,10)","typeoid":1700,"value":${value}}`;
const large = (value: string): string => `{"name":"large","type":"text","typeoid":25,"value":${value}}`;

/** What pgoutput would have sent. */
function translated(
  ...messages: readonly string[]
): readonly (LogMessage & { readonly values?: unknown; readonly before?: unknown })[] {
  const [translate, decode] = [wal2jsonTranslation([stream]), pgoutputDecoder()];
  return messages.flatMap((message) =>
    translate(Buffer.from(message)).map((body) => {
      const decoded = decode(body);
      return 'row' in decoded
        ? { ...decoded, values: valuesOf(decoded.row, body), before: valuesOf(decoded.old, body) }
        : decoded;
    }),
  );
}

function valuesOf(row: Change['row'], body: Buffer): unknown {
  if (row === undefined) return undefined;
  return Array.from({ length: row.count }, (_, index) => {
    const kind = String.fromCharCode(row.kinds[index] ?? 0);
    return kind === 't' ? body.toString('utf8', row.starts[index], row.ends[index]) : kind === 'n' ? null : 'unchanged';
  });
}

describe('a message of wal2json is translated to that of pgoutput', () => {
  test('at the beginning and the end of a transaction', () => {
    const boundary = '"timestamp":"2026-11-29 09:22:12.5+00","lsn":"1/155B170","nextlsn":"1/155B1A0"';
    const committedAt = BigInt(Date.parse('2026-11-29T09:22:12.5Z')) * 1000n;
    expect(translated(`{"action":"B",${boundary}}`, `{"action":"C",${boundary}}`)).toEqual([
      { kind: 'begin', lsn: 0x10155b170n, committedAt },
      { kind: 'commit', end: 0x10155b1a0n },
    ]);
  });

  test('for an inserted row, with all digits of its numbers and its texts unchanged', () => {
    const text = '"{\\"value\\":1.50,\\"x\\":[{\\"value\\":2}]}"';
    const [described, row] = translated(
      of('I', `"columns":[${id(1)},${n('12345678901234567890.1500000000')},${large(text)}]`),
    );
    expect((described as Relation).columns.map(({ name, modifier }) => [name, modifier])).toEqual([
      ['id', -1],
      ['n', (30 << 16) + 10 + 4],
      ['large', -1],
    ]);
    expect(row?.values).toEqual(['1', '12345678901234567890.1500000000', JSON.parse(text)]);
  });

  test('for an update, which lacks large values that did not change', () => {
    const update = (from: number, to: number): string =>
      of('U', `"columns":[${id(to)},${n('null')}],"identity":[${id(from)}]`);
    const [, same, moved] = translated(update(1, 1), update(1, 2));
    expect([same?.values, same?.before]).toEqual([['1', null, 'unchanged'], undefined]);
    expect([moved?.values, moved?.before]).toEqual([
      ['2', null, 'unchanged'],
      ['1', null, null],
    ]);
  });

  test('for a delete, a truncated table, and a table that is not read', () => {
    const messages = translated(
      of('D', `"identity":[${id(7)}]`),
      `{"action":"T","schema":"public","table":"t"}`,
      `{"action":"I","schema":"public","table":"other","columns":[]}`,
      '{"action":"M"}',
    );
    expect(messages.map(({ kind }) => kind)).toEqual(['relation', 'delete', 'truncate', 'insert']);
    expect(messages[1]?.before).toEqual(['7', null, null]);
    expect(messages[3]).toMatchObject({ oid: 0 });
  });

  test('for a table whose columns changed, with a new description of it', () => {
    const messages = translated(
      of('I', `"columns":[${id(1)},${n('1')},${large('"a"')}]`),
      of('I', `"columns":[${id(2)},${n('2')},${large('"b"')}]`),
      of('I', `"columns":[${id(3)},${n('3')},${large('"c"')},{"name":"b","type":"boolean","typeoid":16,"value":true}]`),
    );
    expect(messages.map(({ kind }) => kind)).toEqual(['relation', 'insert', 'insert', 'relation', 'insert']);
    expect(messages[4]?.values).toEqual(['3', '3', 'c', 't']);
  });
});
