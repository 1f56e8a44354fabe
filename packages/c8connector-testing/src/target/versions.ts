import type { Row } from 'c8connector';
import { type Check, errorText, Finding, shown } from '../check.ts';
import { difference } from '../values/same-rows.ts';
import { schemaMessage, types } from './cases/target-case.ts';
import { type TargetContext, writeMessages } from './target-context.ts';

const columns = { id: types.id, name: types.text };
const first: readonly Row[] = [
  { id: 1, name: 'gone in the next version' },
  { id: 2, name: 'of version one' },
];
const second: readonly Row[] = [
  { id: 2, name: 'of version two' },
  { id: 3, name: 'new in version two' },
];
const versions = [1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_002] as const;
const liveRows: readonly Row[] = [
  { id: 1, name: 'of the copy' },
  { id: 2, name: 'inserted' },
  { id: 1, name: 'updated' },
];

/** 70 */
export const versionsAndDeletes: Check<TargetContext> = {
  number: 70,
  title:
    'ACTIVATE_VERSION removes older versions, and a delete removes its row, if the test says so; otherwise neither loses a row',
  where:
    'what write does at ACTIVATE_VERSION (only after the records before it, only versions that are lower, also where the new one has no rows) and with rows whose _sdc_deleted_at is not null; the options activateVersion and hardDelete of the test',
  async run(context) {
    await checkVersions(context);
    await checkLiveRows(context);
    await checkDeletes(context);
  },
};

async function checkVersions(context: TargetContext): Promise<void> {
  const stream = context.streamName('activate_version');
  const schema = schemaMessage(stream, columns);
  await write(context, [schema, ...versioned(stream, first, versions[0]), activate(stream, versions[0])]);
  await expectRows(context, stream, first, 'ACTIVATE_VERSION of the version that all of them have');

  // The records come directly before the message: a target that acts before it has stored them loses them.
  await write(context, [schema, ...versioned(stream, second, versions[1]), activate(stream, versions[1])]);
  const kept = context.isUpsert ? first.slice(0, 1) : first;
  const expected = context.activatesVersions ? second : [...kept, ...second];
  const claim = context.activatesVersions ? 'activateVersion is claimed' : 'activateVersion is not claimed';
  await expectRows(context, stream, expected, `ACTIVATE_VERSION of the next version (${claim})`);

  // A truncated table: no record carries the new version.
  await write(context, [schema, activate(stream, versions[2])]);
  const left = context.activatesVersions ? [] : expected;
  await expectRows(context, stream, left, `ACTIVATE_VERSION of a version without rows (${claim})`);
}

/** Checks rows of a source that follows a log: each has `_sdc_deleted_at`, which is null in rows that exist. */
async function checkLiveRows(context: TargetContext): Promise<void> {
  const stream = context.streamName('live_rows');
  const sent = liveRows.map((row) => ({ ...row, _sdc_deleted_at: null }));
  await write(context, [deletable(stream), ...recordsOf(stream, sent)]);
  const found = await context.readBack(stream);
  const problem = difference(context.isUpsert ? liveRows.slice(1) : liveRows, found);
  if (problem !== undefined)
    throw new Finding(
      'rows whose _sdc_deleted_at is null stored as rows: only a time in it says that they are deleted',
      problem,
    );
  const marked = found.find((row) => !isLive(row));
  if (marked !== undefined)
    throw new Finding('no mark of a delete on a row whose _sdc_deleted_at is null', shown(marked));
}

async function checkDeletes(context: TargetContext): Promise<void> {
  const stream = context.streamName('deletes');
  const deletedAt = '2023-04-05T06:07:08.123456Z';
  const sent: readonly Row[] = [
    { id: 1, name: 'deleted and inserted again' },
    { id: 1, _sdc_deleted_at: deletedAt },
    // Null, since an absent column would keep the row deleted.
    { id: 1, name: 'inserted again', _sdc_deleted_at: null },
    { id: 2, name: 'deleted' },
    { id: 2, name: 'deleted', _sdc_deleted_at: deletedAt },
    { id: 3, name: 'kept' },
  ];
  await write(context, [deletable(stream), ...recordsOf(stream, sent)]);
  const found = await context.readBack(stream);
  const live = found.filter(isLive);
  const problem = difference(
    context.isUpsert || context.deletesRows ? [...sent.slice(2, 3), ...sent.slice(5)] : sent.filter(isLive),
    live,
  );
  if (problem !== undefined)
    throw new Finding(
      context.isUpsert || context.deletesRows
        ? 'of the rows whose _sdc_deleted_at is null or absent the last of each key, also when it was deleted and came again'
        : 'each row whose _sdc_deleted_at is null or absent as it was sent, and no delete among them',
      problem,
    );
  const marked = found.length - live.length;
  if (context.deletesRows && marked > 0)
    throw new Finding('no deleted row, as hardDelete is claimed', `${marked} rows with _sdc_deleted_at`);
  const least = context.isUpsert ? 1 : 2;
  if (!context.deletesRows && marked < least)
    throw new Finding(
      `${least} rows that say by their _sdc_deleted_at that they are deleted (or claim hardDelete: true)`,
      `${marked}`,
    );
}

function isLive(row: Row): boolean {
  return (row._sdc_deleted_at ?? null) === null;
}

function deletable(stream: string): object {
  return schemaMessage(stream, { ...columns, _sdc_deleted_at: { type: ['null', 'string'], format: 'date-time' } });
}

function recordsOf(stream: string, rows: readonly Row[]): object[] {
  return rows.map((record) => ({ type: 'RECORD', stream, record }));
}

function versioned(stream: string, rows: readonly Row[], version: number): object[] {
  return rows.map((record) => ({ type: 'RECORD', stream, record, version }));
}

function activate(stream: string, version: number): object {
  return { type: 'ACTIVATE_VERSION', stream, version };
}

async function write(context: TargetContext, messages: readonly object[]): Promise<void> {
  const { failure } = await writeMessages(context.connector, await context.config(), messages, context.log);
  if (failure !== undefined)
    throw new Finding('the messages are written', errorText(failure.error), { cause: failure.error });
}

async function expectRows(
  { readBack }: TargetContext,
  stream: string,
  expected: readonly Row[],
  what: string,
): Promise<void> {
  const found = difference(expected, await readBack(stream));
  if (found !== undefined) throw new Finding(`${expected.length} rows after ${what}`, found);
}
