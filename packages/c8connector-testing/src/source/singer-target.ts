import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { encodeMessages } from 'c8connector';
import { type Check, Finding, NotRunnable } from '../check.ts';
import { exitText } from '../program/exit-code.ts';
import type { SourceContext } from './source-context.ts';

/** Milliseconds. */
const limit = 50_000;

/** 48 */
export const singerTarget: Check<SourceContext> = {
  number: 48,
  title: 'a target built on the Python SDK reads what a full read gives',
  where: 'what its stderr says of schemas or values; names of streams and columns that it cannot write',
  async run(context) {
    if (context.singerTarget === undefined)
      throw new NotRunnable(
        "no such target is given: singerTarget: '/path/to/target-jsonl', of a Python environment that has it",
      );
    const folder = await mkdtemp(join(tmpdir(), 'c8-singer-target-'));
    try {
      const child = spawn(context.singerTarget, {
        cwd: folder,
        shell: true,
        stdio: ['pipe', 'ignore', 'pipe'],
        timeout: limit,
        killSignal: 'SIGKILL',
      });
      const stderr: Buffer[] = [];
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.stdin.on('error', () => undefined);
      Readable.from(encodeMessages((await context.read()).messages)).pipe(child.stdin);
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', resolve);
      });
      const text = Buffer.concat(stderr).toString();
      // Python tells the error before a long account of where it was.
      const told = text.split('\n').findLast((line) => /^[\w.]*(?:Error|Exception|Invalid\w+): /.test(line));
      if (code !== 0)
        throw new Finding(
          `exit code 0 of ${context.singerTarget}`,
          exitText({ code, stdout: '', stderr: told ?? text }),
        );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
