import { expect, test } from 'vitest';
import { handWrittenSource } from '../../../c8connector/test/fixtures/hand-written-source.ts';
import { MemorySource } from '../../../c8connector/test/fixtures/memory-source.ts';
import { NotRunnable, runCheck, type SourceTestOptions, sourceChecks, sourceContext } from '../../src/index.ts';
import { byId, countedRows, endless, table } from '../hand-written.ts';
import { loggedService } from './changes/logged-service.ts';
import { loggedSource } from './changes/logged-source.ts';

/** What each check says of a source: its findings, and the numbers of those that ran. */
async function outcome(options: SourceTestOptions): Promise<{ findings: string[]; ran: number[] }> {
  const context = { ...sourceContext(options), note: () => undefined };
  const findings: string[] = [];
  const ran: number[] = [];
  for (const check of sourceChecks) {
    try {
      await runCheck(check, context);
      ran.push(check.number);
    } catch (error) {
      if (error instanceof NotRunnable) expect(error.message).not.toBe('');
      else findings.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { findings, ran };
}

test('nothing is found in a hand-written source without keys and bookmarks', async () => {
  const { findings, ran } = await outcome({
    connector: () => handWrittenSource({ logs: table({ rows: [...countedRows(1, 3), ...countedRows(1, 3)] }) }),
    config: {},
  });
  expect(findings).toEqual([]);
  expect(ran).toEqual(expect.arrayContaining([38, 39, 40, 41, 47]));
  expect(ran).not.toContain(37);
  expect(ran).not.toContain(43);
});

test('nothing is found in a source of one stream without rows', async () => {
  const { findings, ran } = await outcome({
    connector: () => handWrittenSource({ none: table({ rows: [] }) }),
    config: {},
  });
  expect(findings).toEqual([]);
  expect(ran).toEqual(expect.arrayContaining([32, 38, 40, 41]));
});

test('nothing is found in a hand-written source that reads incrementally, by number and by moment', async () => {
  const { findings, ran } = await outcome({
    connector: () =>
      handWrittenSource(
        { numbered: byId, timed: table({ keyProperties: ['id'], replicationKey: 'at' }) },
        {
          isNew: (value, bookmark) =>
            typeof value === 'string' ? value >= String(bookmark) : Number(value) >= Number(bookmark),
        },
      ),
    config: {},
  });
  expect(findings).toEqual([]);
  expect(ran).toEqual(expect.arrayContaining([37, 38, 39, 40, 41, 42, 43, 44, 45, 47]));
});

test('nothing is found in a source whose stream is copied and then followed by its log', async () => {
  const service = loggedService();
  const { changes } = service;
  await changes.create('numbers');
  await changes.commit(
    [...countedRows(1, 40)].map(({ id }) => changes.insert('numbers', { id: Number(id), name: 'n', note: null })),
  );
  const { findings, ran } = await outcome({ connector: loggedSource(service), config: {} });
  expect(findings).toEqual([]);
  expect(ran).toEqual(expect.arrayContaining([23, 34, 35, 36, 37, 38, 40, 41, 42, 43, 47]));
  expect(ran).not.toContain(86);
});

test('endless streams are checked in seconds beside one that ends', async () => {
  const started = Date.now();
  const { findings, ran } = await outcome({
    connector: () =>
      handWrittenSource({
        a_endless: endless,
        b_whole: byId,
        c_endless: table({ rows: () => countedRows() }),
      }),
    config: {},
    recordCap: 20,
  });
  expect(findings).toEqual([]);
  expect(ran).toEqual(expect.arrayContaining([34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 45, 47, 49]));
  expect(Date.now() - started).toBeLessThan(8000);
});

test('an endless stream of a source by defineSource is checked in seconds', async () => {
  const rows = {
    length: Number.POSITIVE_INFINITY,
    slice: (from: number, to: number) => [...countedRows(from, to - 1)],
  };
  const started = Date.now();
  const { findings, ran } = await outcome({
    connector: MemorySource,
    config: { password: 'open sesame', streams: { endless: { ...endless, rows } } },
  });
  expect(findings).toEqual([]);
  expect(ran).toEqual(expect.arrayContaining([35, 38, 41, 42, 47]));
  expect(Date.now() - started).toBeLessThan(15_000);
});
