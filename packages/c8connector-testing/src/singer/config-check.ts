import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Check, Finding, shown } from '../check.ts';
import { exitText, lastWords } from '../program/ended.ts';
import { withoutFlags } from './command.ts';
import type { SingerContext } from './context.ts';

/** 72 */
export function unknownConfig(flags: readonly string[]): Check<SingerContext> {
  return {
    number: 72,
    title:
      'a config file that is not there ends the program with another exit code than 0, nothing on stdout, and a reason',
    where: 'how the program reads --config',
    async run({ command, runOther, warn }) {
      const file = join(tmpdir(), 'c8-no-such-config.json');
      const end = await runOther([...withoutFlags(command, '--config', '-c'), '--config', file, ...flags]);
      if (end.lateAfter !== undefined) throw new Finding('an end', 'the program was still at work');
      if (end.code === 0)
        throw new Finding('another exit code than 0 for a config file that is not there', exitText(end));
      if (end.stdout !== '') throw new Finding('nothing on stdout', shown(end.stdout));
      if (end.stderr.trim() === '') throw new Finding('a reason on stderr', 'it is empty');
      if (/^Traceback \(most recent call last\)|^\s+at .+:\d+:\d+\)?$/m.test(end.stderr))
        warn('a reason in words on stderr', `a stack trace${lastWords(end)}`);
    },
  };
}
