// Takes about 11 s.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectTo, describeServers, sharedServer } from './harness.ts';
import { endsBy, preparePrograms, type RunningPrograms } from './signalled-program.ts';

describeServers('a signal ends the program', (server) => {
  let programs: RunningPrograms;

  beforeAll(async () => {
    programs = await preparePrograms(sharedServer(server));
  });

  afterAll(() => programs[Symbol.asyncDispose]());

  test.concurrent('at once, while the server computes, and the server stops too', async () => {
    const child = await programs.start('computed', 'computed');
    child.stdout?.resume();
    await programs.untilCopied('computed');
    expect(await endsBy(child, 'SIGTERM')).toBeLessThan(8000);
    await programs.untilLeft('computed');
  });

  test.concurrent('at once, while it waits for a lock', async () => {
    await using other = await connectTo(programs.database);
    await other.query('lock tables locked write');
    const child = await programs.start('lock', 'locked');
    child.stdout?.resume();
    await new Promise<void>((resolve) =>
      child.stderr?.on('data', (text) => String(text).includes('waiting') && resolve()),
    );
    expect(await endsBy(child, 'SIGTERM')).toBeLessThan(8000);
    await programs.untilLeft('locked');
  });

  test.concurrent('at once, while it waits for the login', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    const connected = new Promise<void>((resolve) => silent.on('connection', () => resolve()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const child = await programs.start('login', 'locked', {
      port: typeof address === 'object' ? address?.port : 0,
    });
    await connected;
    expect(await endsBy(child, 'SIGINT')).toBeLessThan(8000);
    silent.close();
  });

  test.concurrent('at once if it is the second signal, even if its reader never reads', async () => {
    const child = await programs.start('twice', 'twice');
    await programs.untilCopied('twice');
    expect(await endsBy(child, 'SIGINT', 'again')).toBeLessThan(8000);
  });

  test.concurrent('a reader that closes the pipe causes one line on stderr and exit code 1, and leaves no connection at the server', async () => {
    const child = await programs.start('closed', 'slow');
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    await programs.untilCopied('slow');
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining('output_closed')]);
    await programs.untilLeft('slow');
  });
});
