import type { LoggedStream } from 'c8connector';
import { anomalyReport } from 'c8connector-sql';
import { describe, expect, test } from 'vitest';
import type { PostgresStream } from '../../c8_source_postgres/discover.ts';
import { logTable } from '../../c8_source_postgres/log/log-table.ts';
import { type Change, pgoutputDecoder } from '../../c8_source_postgres/log/pgoutput.ts';
import type { TableColumn } from '../../c8_source_postgres/log/table-columns.ts';
import { configOf } from '../harness.ts';

const text = { kind: 'string' } as const;
const columns: readonly TableColumn[] = [
  { name: 'id', type: text, isNullable: false, index: 0, isIdentity: false },
  { name: 'a', type: text, isNullable: true, index: 1, isIdentity: true },
];
const stream = { id: 'public-t', keyProperties: ['id'] } as unknown as PostgresStream;
const logged: LoggedStream<PostgresStream> = {
  stream,
  bookmark: {},
  columns: [],
  schema: { type: 'object', properties: {} },
  select: ({ properties }) => Object.keys(properties),
};
const login = { host: 'h', port: 1, user: 'u', password: 'p', database: 'd' };
const report = anomalyReport('public-t');
const endings = { changed: Buffer.from('"x":1}\n'), deleted: Buffer.from('"x":2}\n') };

const identified = columns.map((column) => ({ ...column, isIdentity: column.name === 'id' }));

const table = (ofColumns = columns) =>
  logTable(logged, ofColumns, {
    config: configOf(login),
    exact: 'number',
    hasNoEncoding: false,
    memory: [],
    anomaliesOf: (_, column) => report.of(column),
  });
const changeOf = (hex: string): readonly [Change, Buffer] => {
  const body = Buffer.from(hex, 'hex');
  return [pgoutputDecoder()(body) as Change, body];
};

describe('a change that cannot be written is refused with its stream', () => {
  test('a delete whose replica identity lacks the key', () => {
    const [change, body] = changeOf('44000040034b00026e740000000178');
    expect(() => table().add(change, body, endings)).toThrow(
      /public-t .* rows were identified by a, and the key is now id/,
    );
  });

  test('an update that may have changed the key, and whose replica identity lacks it', () => {
    const [change, body] = changeOf('55000040034e0002740000000178740000000179');
    expect(() => table().add(change, body, endings)).toThrow(/rows were identified by a, and the key is now id/);
  });

  test('a row with fewer values than columns', () => {
    const [change, body] = changeOf('49000040034e0001740000000178');
    expect(() => table().add(change, body, endings)).toThrow(/public-t: .*fewer values/);
  });

  test('a change that is larger than the limit', () => {
    const [change, body] = changeOf('49000040034e000274000000017874000000017a');
    const large = { ...body, length: 500_000_001 } as unknown as Buffer;
    expect(() => table().add(change, large, endings)).toThrow(/A change of 501 MB in the log of public-t/);
  });
});

test('a row is a line with its columns and then the metadata columns, without values that did not change', () => {
  const log = table(identified);
  for (const hex of [
    '49000040034e000274000000017874000000017a',
    '55000040034e0002740000000178' + '75',
    '49000040034e00027400000001786e',
  ])
    log.add(...changeOf(hex), endings);
  const page = log.take();
  expect(page && 'lines' in page && Buffer.from(page.lines).toString()).toBe(
    '{"id":"x","a":"z","x":1}\n{"id":"x","x":1}\n{"id":"x","a":null,"x":1}\n',
  );
  expect(log.take()).toBeUndefined();
});
