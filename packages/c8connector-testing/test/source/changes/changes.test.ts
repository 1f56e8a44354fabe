// Takes about 25 s.
import { describe, expect, test } from 'vitest';
import { sourceFindings } from '../../findings.ts';
import type { Fault } from './fault.ts';
import { loggedService } from './logged-service.ts';
import { loggedSource } from './logged-source.ts';

/** What a check finds in a source with these habits. */
async function findings(habits: Parameters<typeof loggedSource>[1], only: number): Promise<string[]> {
  const service = loggedService();
  const { changes } = service;
  return await sourceFindings(() => ({}), { connector: loggedSource(service, habits), config: {}, changes, only });
}

const checks = Array.from({ length: 14 }, (_, index) => 86 + index);

describe.concurrent('Nothing is found in a correct source, with', () => {
  const habits = {
    'a position behind every second change': {},
    'a position behind each change, and lines': { pageChanges: 1, isLines: true },
    'a position behind each transaction': { pageChanges: Number.POSITIVE_INFINITY },
  };
  const cases = Object.keys(habits).flatMap((name) =>
    checks.map((number) => [name as keyof typeof habits, number] as const),
  );
  test.for(cases)('%s, %i', async ([name, number]) => {
    expect(await findings(habits[name], number)).toEqual([]);
  });
});

describe.concurrent('A source that is wrong in one way is found:', () => {
  test.for<[Fault, number, RegExp]>([
    ['the log begins where it is first read', 86, /with name "at [^"]+", as its table has/],
    ['commits come in another order', 87, /row 3 of 26 of .*: 1 as \{"name":"first"\}/],
    ['the changes of a transaction come in another order', 87, /row 1 of 26 of .*: 2 as .*\n {2}found: \{"id":1,/],
    ['deletes have no key', 89, /the key, id, in each row of a delete/],
    ['deletes have the time of the clock', 89, /the same row of .* when its log is read again/],
    ['a change of a key has no delete', 90, /a delete of the key 1 of .*, which an update has changed to 10/],
    ['columns that are absent are null', 91, /without note, or with its value: .*\n {2}found: note is null/],
    [
      'columns that are null are absent',
      91,
      /name of .* as null after an update that sets it to null\n {2}found: no name in/,
    ],
    ['truncates are left out', 92, /ACTIVATE_VERSION of .* with a version above \d+ for its truncate\n {2}found: none/],
    ['new columns are left out', 93, /row 3 of .* after a SCHEMA with email, which was added before it/],
    ['older rows have the columns of now', 93, /row 2 of .* under its SCHEMA without email, which was added after it/],
    ['each row has its SCHEMA', 93, /one SCHEMA of .* for a column that was added once\n {2}found: \d/],
    [
      'all streams are read from the furthest of their positions',
      94,
      /row 1 of 3 of 'c8_first_.*: 2 as .*\n {2}found: \{"id":3,/,
    ],
    ['all streams are read from the least of their positions', 95, /row 1 of 1 of .*: 3 as .*\n {2}found: \{"id":2,/],
    [
      'a transaction comes again as a whole',
      96,
      /\n {2}found: 21; row 1 is \{"id":1,.*, which came before it; the state is/,
    ],
    [
      'positions come before their rows',
      96,
      /the 21 rows of .* that came after it, in a read from STATE 1 of \d+\n {2}found: 15;/,
    ],
    ['what was read is confirmed', 97, /the server still at 10 while nothing is durable\n {2}found: at 20/],
    [
      'the furthest of the durable positions is confirmed',
      97,
      /no error of a read from the oldest STATE that was durable\n {2}found: DataError log_position_lost/,
    ],
    [
      'the least position of the streams that are read is confirmed',
      97,
      /no error of a read from the oldest STATE that was durable\n {2}found: DataError log_position_lost/,
    ],
    [
      'a transaction is confirmed before its last change',
      97,
      /no error of a read from the first STATE of a transaction, which was durable\n {2}found: DataError log_position_lost/,
    ],
    [
      'nothing is ever confirmed',
      97,
      /what is durable confirmed to the server within 20 s.*\n {2}found: it stands at 10/,
    ],
    ['it does not end', 98, /the end of a read of an empty table, .*\n {2}found: it continues/],
    ['it follows an end that moves on', 98, /\n {2}found: it continues with 50 changes that were committed since/],
    [
      'a quiet stream has no positions',
      99,
      /the position of .* moved on at the end of a read, behind the changes of a table that is not read/,
    ],
  ])('%s, %i', { timeout: 60_000 }, async ([fault, number, found]) => {
    expect(await findings({ fault }, number)).toEqual([expect.stringMatching(found)]);
  });
});
