import { defineSource, neverStop, openMemoryStateStore, run, silentLog } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { dateTime, integer, string } from './column-schemas.ts';
import { dataOf, type Opened, targetOpener } from './harness.ts';
import { query } from './read-back.ts';
import { runProgram } from './run-program.ts';

const openTarget = targetOpener();

const schema = {
  type: 'object',
  properties: {
    id: integer(),
    at: dateTime('timestamptz'),
    wall: dateTime('timestamp'),
    clock: string({ format: 'time', 'x-c8-type': 'time' }),
  },
} as const;
const row = {
  id: 7,
  at: '2024-02-29T23:59:59.1234567Z',
  wall: '2024-02-29 23:59:59.999999500',
  clock: '01:02:03.1234567',
};

const stored = {
  truncate: ['2024-02-29 23:59:59.123456+00', '2024-02-29 23:59:59.999999', '01:02:03.123456'],
  round: ['2024-02-29 23:59:59.123457+00', '2024-03-01 00:00:00', '01:02:03.123457'],
} as const;

async function timesOf(target: Opened): Promise<unknown> {
  const texts = ['at', 'wall', 'clock'].map((column) => `"${column}"::VARCHAR AS "${column}"`).join(', ');
  return await query(target.server, target.bucket, `SELECT ${texts} FROM read_parquet({files})`);
}

/** A form in which a source returns rows. */
const pages = {
  rows: { rows: [row] },
  lines: { lines: Buffer.from(`${JSON.stringify(row)}\n`), count: 1 },
} as const;

/** Syncs a source that returns the row in one of its forms. */
async function sync(config: Readonly<Record<string, unknown>>, page: keyof typeof pages) {
  class Clock extends defineSource({
    package: { name: 'c8-source-clock', version: '1.0.0' },
    name: 'Clock',
    description: 'Returns the time.',
    config: {},
    discover: () => [{ id: 'times', schema, keyProperties: ['id'] }],
    async *read() {
      yield pages[page];
    },
  }) {}
  const source = new Clock();
  const { streams } = await source.discover({});
  const selected = streams.map((entry) => ({
    ...entry,
    metadata: [...entry.metadata, { breadcrumb: [], metadata: { selected: true } }],
  }));
  return await run({
    source,
    sourceConfig: {},
    target: new S3Target(),
    targetConfig: config,
    catalog: { streams: selected },
    store: openMemoryStateStore(),
    stop: neverStop(),
    log: silentLog,
    onEvent: () => undefined,
  });
}

const messages = [
  { type: 'SCHEMA', stream: 'times', schema, key_properties: ['id'] },
  { type: 'RECORD', stream: 'times', record: row },
  { type: 'STATE', value: { at: 1 } },
];
const input = messages.map((message) => `${JSON.stringify(message)}\n`).join('');

describe('A time that is finer than a microsecond', () => {
  describe.each(['truncate', 'round'] as const)('with sub_microseconds: %s', (policy) => {
    const config = { time_type: 'time', sub_microseconds: policy };
    const [at, wall, clock] = stored[policy];

    it('is stored that way from Singer text', async () => {
      using target = openTarget(config);
      const { code, stdout } = await runProgram(target.config, [], input);
      expect([code, stdout]).toEqual([0, '{"at":1}\n']);
      expect(await timesOf(target)).toEqual([{ at, wall, clock }]);
    });

    it.each(['rows', 'lines'] as const)('is stored that way from %s of a source in a sync', async (page) => {
      using target = openTarget(config);
      expect(await sync(target.config, page)).toMatchObject({ status: 'done' });
      expect(await timesOf(target)).toEqual([{ at, wall, clock }]);
    });
  });

  it('is an error with strict: true, which names the setting, in a pipe and in a sync', async () => {
    using target = openTarget({ strict: true });
    const { code, stdout, stderr } = await runProgram(target.config, [], input);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/value_unstorable: Stream times: the column "at" of the row id=7 .*sub_microseconds/);
    const { streams } = await sync(target.config, 'rows');
    expect(streams).toMatchObject([{ stream: 'times', status: 'failed', written: 0 }]);
  });

  it('is a dead letter by default, which a program logs and a sync counts', async () => {
    using target = openTarget();
    const { code, stdout, stderr } = await runProgram(target.config, [], input);
    expect([code, stdout]).toEqual([0, '{"at":1}\n']);
    expect(stderr).toMatch(/the column .*at.* of the row id=7 has .*rejected/);
    const { streams } = await sync(target.config, 'rows');
    expect(streams).toMatchObject([{ stream: 'times', status: 'done', read: 1, written: 0, rejected: 1 }]);
  });

  it('is refused where rounding would make it 24:00', async () => {
    using target = openTarget({ time_type: 'time', sub_microseconds: 'round', strict: true });
    const late = input.replace('01:02:03.1234567', '23:59:59.9999999');
    const { code, stderr } = await runProgram(target.config, [], late);
    expect(code).toBe(1);
    expect(stderr).toContain('the column "clock" of the row id=7 has "23:59:59.9999999"');
  });

  it('keeps all of its digits in JSON lines', async () => {
    using target = openTarget({ format: 'jsonl', compression: 'none' });
    expect((await runProgram(target.config, [], input)).code).toBe(0);
    const [object] = dataOf(target.server, target.bucket);
    const text = (await target.server.read(target.bucket, object?.key ?? '')).toString();
    expect(JSON.parse(text)).toEqual(row);
  });
});
