import { startStallingProxy } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endsBy, preparePrograms, type RunningPrograms } from './signalled-program.ts';

let programs: RunningPrograms;

beforeAll(async () => {
  programs = await preparePrograms();
});

afterAll(() => programs[Symbol.asyncDispose]());

describe.concurrent('a signal ends the program', () => {
  test('at once, in the middle of a value of 300 MB', async () => {
    const child = await programs.start('large', 'public-large');
    child.stdout?.resume();
    await programs.untilCopied('large');
    expect(await endsBy(child, 'SIGTERM')).toBeLessThan(3000);
  });

  test('at once, in the middle of a value of 600 MB, and its connection with it', async () => {
    await using proxy = await startStallingProxy(programs.database, 200_000_000);
    const child = await programs.start('refused', 'public-refused', { port: proxy.port, ssl_mode: 'disable' });
    child.stdout?.resume();
    await proxy.stalled;
    expect(await endsBy(child, 'SIGTERM')).toBeLessThan(3000);
    await programs.untilLeft('refused');
  });

  test('within the grace period of 10 s, even if its reader never reads', async () => {
    const child = await programs.start('unread', 'public-unread');
    await programs.untilCopied('unread');
    const duration = await endsBy(child, 'SIGTERM');
    expect(duration).toBeLessThan(12_500);
  });

  test('soon, if its reader reads slowly', async () => {
    const child = await programs.start('slow', 'public-slow');
    const timer = setInterval(() => child.stdout?.read(64 * 1024), 10);
    child.stdout?.on('readable', () => undefined);
    await programs.untilCopied('slow');
    expect(await endsBy(child, 'SIGTERM')).toBeLessThan(12_500);
    clearInterval(timer);
  });
});
