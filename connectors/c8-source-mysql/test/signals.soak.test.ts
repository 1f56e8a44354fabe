import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeServers, sharedServer } from './harness.ts';
import { endsBy, preparePrograms, type RunningPrograms } from './signalled-program.ts';

describeServers('a signal ends the program', (server) => {
  let programs: RunningPrograms;

  beforeAll(async () => {
    programs = await preparePrograms(sharedServer(server));
  });

  afterAll(() => programs[Symbol.asyncDispose]());

  test.concurrent('within the grace period of 10 s, even if its reader never reads', async () => {
    const child = await programs.start('unread', 'unread');
    await programs.untilCopied('unread');
    const duration = await endsBy(child, 'SIGTERM');
    expect(duration).toBeLessThan(12_500);
  });

  test.concurrent('soon, if its reader reads slowly', async () => {
    const child = await programs.start('slow', 'slow');
    const timer = setInterval(() => child.stdout?.read(64 * 1024), 10);
    child.stdout?.on('readable', () => undefined);
    await programs.untilCopied('slow');
    expect(await endsBy(child, 'SIGTERM')).toBeLessThan(12_500);
    clearInterval(timer);
  });
});
