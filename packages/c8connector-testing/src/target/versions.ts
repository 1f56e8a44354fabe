import type { Row } from 'c8connector';
import { type Check, errorText, Finding } from '../check.ts';
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
const versions = [1_700_000_000_000, 1_700_000_000_001] as const;

/** 70 */
export const versionsAndDeletes: Check<TargetContext> = {
  number: 70,
  title:
    'ACTIVATE_VERSION removes older versions and a delete removes its row where the test claims it, and neither loses a row otherwise',
  where:
    'what write does at ACTIVATE_VERSION (only after the records before it, only versions that are lower) and with rows that have _sdc_deleted_at; the options activateVersion and hardDelete of the test',
  async run(context) {
    await checkVersions(context);
    await checkDeletes(context);
  },
};

async function checkVersions(context: TargetContext): Promise<void> {
  const stream = context.streamName('activate_version');
  const schema = schemaMessage(stream, columns);
  await write(context, [schema, ...versioned(stream, first, versions[0]), activate(stream, versions[0])]);
  await expectRows(context, stream, first, 'ACTIVATE_VERSION of the version that all of them have');

  // The records stand directly before the message: a target that acts before it has stored them loses them.
  await write(context, [schema, ...versioned(stream, second, versions[1]), activate(stream, versions[1])]);
  const kept = context.isUpsert ? first.slice(0, 1) : first;
  const expected = context.activatesVersions ? second : [...kept, ...second];
  const claim = context.activatesVersions ? 'activateVersion is claimed' : 'activateVersion is not claimed';
  await expectRows(context, stream, expected, `ACTIVATE_VERSION of the next version (${claim})`);
}

async function checkDeletes(context: TargetContext): Promise<void> {
  const stream = context.streamName('deletes');
  const deletedAt = '2023-04-05T06:07:08.123456Z';
  const sent: readonly Row[] = [
    { id: 1, name: 'deleted and inserted again' },
    { id: 1, _sdc_deleted_at: deletedAt },
    { id: 1, name: 'inserted again' },
    { id: 2, name: 'deleted' },
    { id: 2, name: 'deleted', _sdc_deleted_at: deletedAt },
    { id: 3, name: 'kept' },
  ];
  const schema = schemaMessage(stream, {
    ...columns,
    _sdc_deleted_at: { type: ['null', 'string'], format: 'date-time' },
  });
  await write(context, [schema, ...sent.map((record) => ({ type: 'RECORD', stream, record }))]);
  const found = await context.readBack(stream);
  const live = found.filter((row) => (row._sdc_deleted_at ?? null) === null);
  const problem = difference(
    context.isUpsert || context.deletesRows
      ? [...sent.slice(2, 3), ...sent.slice(5)]
      : sent.filter((row) => !('_sdc_deleted_at' in row)),
    live,
  );
  if (problem !== undefined)
    throw new Finding(
      context.isUpsert || context.deletesRows
        ? 'of the rows without _sdc_deleted_at the last of each key, also when it was deleted and came again'
        : 'each row without _sdc_deleted_at as it was sent, and no delete among them',
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
