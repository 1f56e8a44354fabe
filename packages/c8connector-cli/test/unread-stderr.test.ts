import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connection, openFolder } from './program.ts';

const bin = join(import.meta.dirname, '../bin/c8connector-cli.js');

/** Opens a pipe that nobody reads, and that is full. */
async function openFullPipe(path: string): Promise<FileHandle> {
  execFileSync('mkfifo', [path]);
  const pipe = await open(path, 'r+');
  const filler = spawn(process.execPath, [
    '-e',
    `const { constants, openSync, writeSync } = require('node:fs');
     const pipe = openSync(${JSON.stringify(path)}, constants.O_WRONLY | constants.O_NONBLOCK);
     try { for (;;) writeSync(pipe, Buffer.alloc(4096)); } catch {}`,
  ]);
  await once(filler, 'exit');
  return pipe;
}

test.skipIf(process.platform === 'win32')(
  'a sync whose log is not read continues, and ends by a signal',
  { timeout: 60_000 },
  async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection({ source: { delay: 30, rows: 600, streams: 1 } }));
    await using pipe = await openFullPipe(join(folder.path, 'pipe'));
    const child = spawn(process.execPath, [bin, 'sync', 'copy.json'], {
      cwd: folder.path,
      stdio: ['ignore', 'ignore', pipe.fd],
    });
    const ended = once(child, 'exit');
    // It has logged what it begins with by then.
    while (!existsSync(join(folder.path, 'out/list-1.jsonl')) && child.exitCode === null) await sleep(20);
    child.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    expect(JSON.parse(await folder.read('copy.json.run.json'))).toMatchObject({ status: 'stopped', error: null });
  },
);
