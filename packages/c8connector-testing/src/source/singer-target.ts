import { encodeMessages } from 'c8connector';
import { type Check, Finding, NotRunnable } from '../check.ts';
import { exitText } from '../program/ended.ts';
import { runCommand } from '../program/run-command.ts';
import { temporaryFolder } from '../program/temporary-folder.ts';
import type { SourceContext } from './source-context.ts';

/** Seconds. */
const limit = 50;

/** 48 */
export const singerTarget: Check<SourceContext> = {
  number: 48,
  title: 'a target built with the Python SDK accepts the output of a full read',
  where: 'what its stderr reports about schemas or values; names of streams and columns that it cannot write',
  async run(context) {
    if (context.singerTarget === undefined)
      throw new NotRunnable(
        "no such target is given: singerTarget: '/path/to/target-jsonl', of a Python environment that has it",
      );
    await using folder = await temporaryFolder();
    const ended = await runCommand([context.singerTarget], {
      input: encodeMessages((await context.read()).messages),
      folder: folder.path,
      isShell: true,
      isGroup: true,
      limit,
    });
    if (ended.code === 0) return;
    // The lines around Python's error message are a long traceback.
    const reason = ended.stderr.split('\n').findLast((line) => /^[\w.]*(?:Error|Exception|Invalid\w+): /.test(line));
    throw new Finding(`exit code 0 of ${context.singerTarget}`, exitText({ ...ended, stderr: reason ?? ended.stderr }));
  },
};
