import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface TemporaryDirectory {
  readonly path: string;
  /** The process that must end before the directory goes; `undefined` when there is none any more. */
  owns(processId: number | undefined): void;
  /** Ends the owned process, removes the directory and resolves when both are gone. */
  remove(): Promise<void>;
}

/**
 * A directory that disappears with this process, even after SIGKILL: a small process of its own waits for the end of its standard
 * input. It is in a session of its own, so that Ctrl-C does not reach it, and keeps nobody alive.
 */
export async function createTemporaryDirectory(name: string, parent = tmpdir()): Promise<TemporaryDirectory> {
  const path = await realpath(await mkdtemp(join(parent, `${name}-`)));
  const cleaner = spawn(process.execPath, [fileURLToPath(new URL('../bin/clean-up.mjs', import.meta.url)), path], {
    cwd: parent,
    detached: true,
    // NODE_OPTIONS of a test runner (loaders, inspectors) must not reach it.
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  await once(cleaner, 'spawn');
  letExit(cleaner);
  return {
    path,
    owns: (processId) => cleaner.stdin?.write(`${processId ?? ''}\n`),
    async remove() {
      if (cleaner.exitCode !== null || cleaner.signalCode !== null) return;
      cleaner.ref();
      cleaner.stdin?.end();
      await once(cleaner, 'exit');
    },
  };
}

function letExit(child: ChildProcess): void {
  child.unref();
  const input: unknown = child.stdin;
  if (input instanceof Object && 'unref' in input && typeof input.unref === 'function') input.unref();
  child.stdin?.on('error', () => {});
}
