import { ConfigError, isC8Error } from 'c8connector';
import { formatDuration } from 'c8connector-host';
import { checkSingerProgram, type SingerResult, splitCommand } from 'c8connector-testing/checks';
import { painter } from '../display/colours.ts';
import { describe } from '../display/describe.ts';
import type { Session } from '../session.ts';
import { timesOfFiles, untilChanged } from './changes.ts';

export interface SingerArguments {
  readonly folder?: string | undefined;
  readonly conformance: boolean;
  readonly type?: 'tap' | 'target' | undefined;
  readonly only?: readonly string[] | undefined;
  readonly watch: boolean;
  readonly update: boolean;
  readonly json: boolean;
}

const notReadBack =
  'What the target stores is not read back: only the target knows where it is. Its streams are named c8check_…; remove them afterwards.';
const signs = { passed: ['green', '✓'], warned: ['yellow', '!'], failed: ['red', '✗'], skipped: ['dim', '-'] } as const;

/** Checks a tap or a target against the protocol; the command line is that of `--singer`. Resolves with 1 when there is a finding. */
export async function checkSinger(args: SingerArguments, commandLine: string, session: Session): Promise<number> {
  if (args.folder !== undefined || args.conformance || args.update)
    throw new ConfigError(
      '--singer checks a program and not a folder: FOLDER, --conformance and --update do not go with it.',
      {
        code: 'call_invalid',
      },
    );
  const command = splitCommand(commandLine);
  const numbers = numbersOf(args.only);
  let before = await timesOfFiles(command, session.folder);
  let code = await checkOnce(args, command, numbers, session);
  while (args.watch && (await untilChanged(command, before, session))) {
    before = await timesOfFiles(command, session.folder);
    code = await checkOnce(args, command, numbers, session).catch((error) => reported(error, session));
  }
  return code;
}

/** Logs an error: while its author edits the program, it may be broken for a moment. */
function reported(error: unknown, session: Session): number {
  if (!isC8Error(error)) throw error;
  session.say(session.mask(`c8connector: ${describe(error, session.isDebug)}`));
  return error.exitCode;
}

async function checkOnce(
  args: SingerArguments,
  command: readonly string[],
  only: readonly number[] | undefined,
  session: Session,
): Promise<number> {
  const { folder, stop } = session;
  const results: SingerResult[] = [];
  const show = resultWriter(session);
  let type: 'tap' | 'target' | undefined;
  const onType = (found: 'tap' | 'target'): void => {
    type = found;
    if (found === 'target') session.say(notReadBack);
  };
  const program = { command, type: args.type, folder, only, signal: stop.graceful, onType };
  for await (const result of checkSingerProgram(program)) {
    results.push(result);
    if (!args.json) await show(result);
  }
  if (stop.graceful.aborted) return 1;
  const counts = countsOf(results);
  if (args.json) await session.print(`${JSON.stringify({ type, ...counts, results }, undefined, 2)}\n`);
  else await session.print(`\n${summary(counts)}\n`);
  return counts.failed > 0 ? 1 : 0;
}

function numbersOf(only: readonly string[] | undefined): readonly number[] | undefined {
  const bad = only?.find((text) => !/^\d+$/.test(text));
  if (bad !== undefined)
    throw new ConfigError(`--only: with --singer it takes the number of a check, and '${bad}' is not one.`, {
      code: 'call_invalid',
    });
  return only?.map(Number);
}

function resultWriter(session: Session): (result: SingerResult) => Promise<void> {
  const paint = painter(process.stdout);
  return async ({ number, title, status, milliseconds, findings, reason }) => {
    const [colour, sign] = signs[status];
    const head = [paint(colour, sign), ` ${number} ${title}  `, paint('dim', formatDuration(milliseconds)), '\n'];
    const lines: string[] = [];
    if (reason !== undefined) lines.push(`    skipped: ${reason}`);
    for (const { severity, expected, found, where } of findings) {
      lines.push(`    ${severity === 'warning' ? 'our own rule, not the protocol: ' : ''}expected: ${expected}`);
      lines.push(`    found: ${found}`, `    look at: ${where}`);
    }
    await session.print([...head, ...lines.map((line) => `${line}\n`)]);
  };
}

interface Counts {
  readonly passed: number;
  readonly warned: number;
  readonly failed: number;
  readonly skipped: number;
}

function countsOf(results: readonly SingerResult[]): Counts {
  const count = (status: SingerResult['status']) => results.filter((result) => result.status === status).length;
  return { passed: count('passed'), warned: count('warned'), failed: count('failed'), skipped: count('skipped') };
}

function summary({ passed, warned, failed, skipped }: Counts): string {
  return `${passed} passed, ${warned} with a warning, ${failed} failed, ${skipped} skipped`;
}
