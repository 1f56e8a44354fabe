import { Batch, type SourceConnector, type SourceMessage, type StreamSchema } from 'c8connector';
import { expect, test } from 'vitest';
import { MemorySource } from '../../../../c8connector/test/fixtures/memory-source.ts';
import {
  type ChangesBackend,
  NotRunnable,
  runCheck,
  type SourceTestOptions,
  sourceChecks,
  sourceContext,
} from '../../../src/index.ts';
import { sourceFindings } from '../../findings.ts';
import { type Change, each, withRows } from '../broken-source.ts';
import { loggedService } from './logged-service.ts';
import { loggedSource } from './logged-source.ts';

interface Broken {
  readonly change?: Change;
  readonly members?: (honest: SourceConnector) => Partial<SourceConnector>;
}

/** What a check finds in a source whose messages or members are changed, as in one that was written by hand. */
async function findings(only: number, { change, members }: Broken): Promise<string[]> {
  const service = loggedService();
  const Source = loggedSource(service);
  const connector = () => {
    const honest = new Source();
    const read: SourceConnector['read'] = (request) => change?.(honest.read(request)) ?? honest.read(request);
    return Object.assign(new Source(), { read }, members?.(honest));
  };
  const { changes } = service;
  return await sourceFindings(() => ({}), { connector, config: {}, changes, only });
}

/** The message without a column in its schema. */
function withoutDeclared(message: SourceMessage, column: string): SourceMessage {
  if (message.type !== 'SCHEMA' && message.type !== 'RECORDS') return message;
  const { [column]: _, ...properties } = message.schema.properties;
  const schema: StreamSchema = { ...message.schema, properties };
  return message.type === 'SCHEMA' ? { ...message, schema } : Batch.ofRows({ ...message, schema }, message.rows());
}

const eachRow = (change: (row: Record<string, unknown>) => object): Change =>
  each((message) =>
    message.type === 'RECORDS' ? withRows(message, (row) => change({ ...row }) as typeof row) : message,
  );

test.for<[string, number, Change, RegExp]>([
  ['rows that are not numbered', 88, eachRow(({ _sdc_sequence: _, ...row }) => row), /_sdc_sequence in each row of/],
  ['rows that have the same number', 88, eachRow((row) => ({ ...row, _sdc_sequence: 7 })), /that is above 7/],
  [
    'a time of a delete that is a number',
    88,
    eachRow((row) => ({ ...row, _sdc_deleted_at: row._sdc_deleted_at === null ? null : 1 })),
    /null or a time in ISO 8601 as _sdc_deleted_at of .*\n {2}found: 1/,
  ],
  [
    'a column of a log that is not declared',
    88,
    each((message) => withoutDeclared(message, '_sdc_deleted_at')),
    /_sdc_deleted_at in the SCHEMA of .*, as string\n {2}found: "no such column"/,
  ],
  [
    'a stream that has no ACTIVATE_VERSION',
    92,
    each((message) => (message.type === 'ACTIVATE_VERSION' ? undefined : message)),
    /ACTIVATE_VERSION of/,
  ],
])('%s, %i', async ([_name, number, change, found]) => {
  expect(await findings(number, { change })).toEqual([expect.stringMatching(found)]);
});

test('98 finds a read that continues after its signal is aborted', { timeout: 60_000 }, async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => honest.read({ ...request, signal: new AbortController().signal }),
  });
  expect(await findings(98, { members })).toEqual([
    expect.stringMatching(
      /the end of a read that follows the log within 5 s after its signal\n {2}found: it continues/,
    ),
  ]);
});

test('a hand-written source without open is checked only as a Singer program', async () => {
  expect(await findings(86, { members: () => ({ open: undefined as never }) })).toEqual([]);
});

test('86 finds a log that begins after the changes made during the copy of a run', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async open(request) {
      const session = await honest.open?.(request);
      if (session?.log === undefined) throw new Error('the source cannot be opened');
      const { begin } = session.log;
      const late = async (...given: Parameters<typeof begin>) => ({ lsn: Number((await begin(...given)).lsn) + 60 });
      return { ...session, log: { ...session.log, begin: late } };
    },
  });
  expect(await findings(86, { members })).toEqual([
    expect.stringMatching(/'c8_gap_in_run_\w+' after a run that copies it and another one that reads its log/),
  ]);
});

test.for<[string, number, Options, string]>([
  ['a source without a log', 86, { connector: MemorySource, changes: undefined }, 'the source follows no change log'],
  ['a test that cannot change tables', 99, { changes: undefined }, 'the test has no way to change a table: changes: {'],
  ['a service that cannot truncate', 92, without('truncate'), 'changes has no truncate: the service cannot do it'],
  ['a service that cannot add columns', 93, without('addColumn'), 'changes has no addColumn: the service cannot do it'],
])('%s, %i, is skipped with the reason', async ([_name, number, options, reason]) => {
  const service = loggedService();
  const given = { connector: loggedSource(service), config: {}, changes: service.changes, ...options };
  const check = sourceChecks.find((one) => one.number === number);
  const run = async () => check && (await runCheck(check, sourceContext(given as SourceTestOptions)));
  await expect(run).rejects.toThrow(NotRunnable);
  await expect(run).rejects.toThrow(reason);
});

type Options = { readonly [Name in keyof SourceTestOptions]?: SourceTestOptions[Name] | undefined };

function without(name: keyof ChangesBackend): Options {
  return { changes: { ...loggedService().changes, [name]: undefined } };
}
