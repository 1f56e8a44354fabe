import { expect, test } from 'vitest';
import { type CommandOptions, runCommand, startCommand } from '../../src/program/run-command.ts';

/** Runs JavaScript in a program of its own. */
function start(code: string, options: Partial<CommandOptions> = {}) {
  return startCommand([process.execPath, '--input-type=module', '-e', code], { limit: 20, ...options });
}

test.concurrent('gives the exit code, stdout and stderr of a program that read its input', async ({ expect }) => {
  const code = `
    for await (const chunk of process.stdin) process.stdout.write(chunk);
    console.error('done');
    process.exitCode = 3;`;
  expect(await start(code, { input: 'some é text\n' }).ended).toEqual({
    code: 3,
    signal: null,
    stdout: 'some é text\n',
    stderr: 'done\n',
    lateAfter: undefined,
    endedAfter: undefined,
  });
});

test.concurrent('ends although its program reads none of its input', async ({ expect }) => {
  const { code } = await start('process.exit(0)', { input: 'x'.repeat(1_000_000) }).ended;
  expect(code).toBe(0);
});

test.concurrent('stops a program at a line, and asks for no further signal', async ({ expect }) => {
  const code = `
    process.on('SIGTERM', () => { console.log('é stopped'); process.exit(143); });
    console.log('one'); console.log('two');
    setInterval(() => undefined, 1000);`;
  const lines: string[] = [];
  const ended = await start(code, {
    onLine: (line) => {
      lines.push(line);
      return line === 'one' ? 'SIGTERM' : undefined;
    },
  }).ended;
  expect(lines).toEqual(['one']);
  expect(ended).toMatchObject({ code: 143, stdout: 'one\ntwo\né stopped\n', lateAfter: undefined });
  expect(ended.endedAfter).toBeLessThan(10_000);
});

test.concurrent('kills a program after this many bytes', async ({ expect }) => {
  const code = `const print = () => process.stdout.write('x'.repeat(1000), print); print();`;
  const ended = await start(code, { onOutput: (bytes) => (bytes < 5000 ? undefined : 'SIGKILL') }).ended;
  expect(ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  expect(ended.stdout.length).toBeGreaterThanOrEqual(5000);
});

test.concurrent('kills a program that ignores a signal at the end of its grace period', async ({ expect }) => {
  const code = `process.on('SIGTERM', () => undefined); console.log('ready'); setInterval(() => undefined, 1000);`;
  const ended = await start(code, { onLine: () => 'SIGTERM', grace: 0.2 }).ended;
  expect(ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  expect(ended.endedAfter).toBeGreaterThanOrEqual(190);
});

test.concurrent('kills a program at its limit, and reports that', async ({ expect }) => {
  const ended = await start('setInterval(() => undefined, 1000)', { limit: 0.2 }).ended;
  expect(ended).toMatchObject({ signal: 'SIGKILL', lateAfter: 0.2, endedAfter: undefined });
});

test.concurrent('leaves stdin open after the input, until a signal ends the program', async ({ expect }) => {
  const code = `process.stdin.on('data', (chunk) => process.stdout.write(chunk)).on('end', () => process.exit(0));`;
  const running = start(code, { input: 'first\n', isInputOpen: true });
  await running.began;
  const first = await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, 100, 'waiting'))]);
  expect(first).toBe('waiting');
  running.kill('SIGTERM');
  expect(await running.ended).toMatchObject({ code: null, signal: 'SIGTERM', stdout: 'first\n' });
});

test.concurrent('sends a signal after a time', async ({ expect }) => {
  const killAfter = { signal: 'SIGTERM', milliseconds: 100 } as const;
  expect(await start('setInterval(() => undefined, 1000)', { killAfter }).ended).toMatchObject({ signal: 'SIGTERM' });
});

test.concurrent('lets a program wait while its stdout is not read', async ({ expect }) => {
  const code = `process.stdout.write('x'.repeat(1_000_000), () => process.exit(0));`;
  const running = start(code, { isUnread: true });
  await running.began;
  const first = await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))]);
  expect(first).toBe('waiting');
  running.kill('SIGKILL');
  expect(await running.ended).toMatchObject({ signal: 'SIGKILL', stdout: '' });
});

test.concurrent('kills the processes that a program has started, in their own group', async ({ expect }) => {
  // The inner one holds stdout open, so that the end comes only when it is killed, too.
  const code = `
    import { spawn } from 'node:child_process';
    const inner = ['-e', 'console.log("ready"); setInterval(() => undefined, 1000)'];
    spawn(process.execPath, inner, { stdio: 'inherit' }).once('spawn', () => process.exit(0));`;
  const ended = await start(code, { isGroup: true, onLine: () => 'SIGKILL' }).ended;
  expect(ended).toMatchObject({ stdout: 'ready\n', lateAfter: undefined });
});

test.concurrent('kills a program when it is aborted', async ({ expect }) => {
  const ended = await start('setInterval(() => undefined, 1000)', { signal: AbortSignal.timeout(200) }).ended;
  expect(ended).toMatchObject({ signal: 'SIGKILL', lateAfter: undefined });
});

test('rejects when there is no such program', async () => {
  await expect(runCommand(['program-that-is-not-there'], { limit: 20 })).rejects.toMatchObject({ code: 'ENOENT' });
});
