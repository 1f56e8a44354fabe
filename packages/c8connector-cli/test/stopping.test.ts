// Takes about 15 s.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { connection, type Folder, idsOf, jsonLines, numbers, openFolder } from './program.ts';

const rows = 600;

async function withSlowSource(folder: Folder): Promise<void> {
  await folder.write('copy.json', connection({ source: { delay: 30, rows, streams: 1 } }));
}

describe('a sync that is stopped or killed', { concurrent: true }, () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('by %s saves what it has, exits with %i, and the next run continues', async (signal, expected) => {
    await using folder = await openFolder();
    await withSlowSource(folder);
    const running = folder.start(['sync', 'copy.json']);
    await running.says('"state saved"');
    running.child.kill(signal);
    const { code, stderr } = await running.ended;
    expect(code).toBe(expected);
    expect(stderr).toContain(
      `c8connector: ${signal}: stopping and saving the state; repeat the signal to stop at once\n`,
    );
    expect(JSON.parse(await folder.read('copy.json.run.json'))).toMatchObject({ status: 'stopped', error: null });
    const saved = JSON.parse(await folder.read('copy.json.state.json')).bookmarks['list-1'].after;
    expect(saved).toBeLessThan(rows);
    expect(await idsOf(folder, 'list-1')).toEqual(expect.arrayContaining(numbers(saved)));

    const next = await folder.run(['sync', 'copy.json']);
    expect(next.code).toBe(0);
    expect(jsonLines(next.stderr).find((line) => line.msg === 'planned')).toMatchObject({ isResumed: true });
    expect(await idsOf(folder, 'list-1')).toEqual(numbers(rows));
  });

  test('loses no row after kill -9 at several moments', async () => {
    await using folder = await openFolder();
    await withSlowSource(folder);
    for (const moment of [20, 700, 300]) {
      const running = folder.start(['sync', 'copy.json']);
      await running.says('"planned"');
      await sleep(moment);
      running.child.kill('SIGKILL');
      await running.ended;
    }
    const last = await folder.run(['sync', 'copy.json']);
    expect(last.code).toBe(0);
    expect(await idsOf(folder, 'list-1')).toEqual(numbers(rows));
  });

  test('ends soon after a second signal, even if the source ignores it', async () => {
    await using folder = await openFolder();
    const deaf = `
      import { defineSource } from 'c8connector';
      export class Deaf extends defineSource({
        package: { name: 'c8-source-deaf', version: '1.0.0' }, name: 'Deaf', description: 'Never ends.', config: {},
        discover: () => [{ id: 'all', schema: { type: 'object', properties: { id: { type: 'integer' } } } }],
        async *read() { console.error('reading'); await new Promise((resolve) => setTimeout(resolve, 60_000)); yield { rows: [] }; },
      }) {}`;
    await folder.write('deaf.mjs', deaf);
    await folder.write('copy.json', { ...connection(), source: { connector: './deaf.mjs' } });
    const running = folder.start(['sync', 'copy.json']);
    await running.says('reading');
    running.child.kill('SIGTERM');
    await running.says('repeat the signal');
    const startedAt = Date.now();
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(143);
    expect(Date.now() - startedAt).toBeLessThan(8000);
  });
});

test('a discover that is stopped exits with the code of the signal and reports no error', async () => {
  await using folder = await openFolder();
  const slow = `
    import { setTimeout as sleep } from 'node:timers/promises';
    import { defineSource } from 'c8connector';
    export class Slow extends defineSource({
      package: { name: 'c8-source-slow', version: '1.0.0' }, name: 'Slow', description: 'Slow.', config: {},
      async discover({ signal }) { console.error('asking'); await sleep(60_000, undefined, { signal }); return []; },
      read: () => [],
    }) {}`;
  await folder.write('slow.mjs', slow);
  const running = folder.start(['discover', './slow.mjs']);
  await running.says('asking');
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).not.toContain('Error');
});
