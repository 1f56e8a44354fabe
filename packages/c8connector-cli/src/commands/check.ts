import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ConfigError, isC8Error } from 'c8connector';
import { checkGuidelines, type GuidelineFinding, guidelines, renewGenerated } from 'c8connector-testing/guidelines';
import { painter } from '../display/colours.ts';
import { describe } from '../display/describe.ts';
import type { Shown } from '../display/shown.ts';
import type { Session } from '../session.ts';
import { folderChanges } from './changes.ts';
import type { SingerArguments } from './check-singer.ts';
import { runConformance } from './conformance.ts';

export interface CheckArguments extends SingerArguments {
  /** The command line of a Singer program, which is checked instead of a folder. */
  readonly singer?: string | undefined;
}

/** Checks the package in a folder against the guidelines, and on request against its conformance kit. Resolves with 1 when there is a finding. */
export async function check(args: CheckArguments, session: Session): Promise<number> {
  if (args.singer !== undefined)
    return await (await import('./check-singer.ts')).checkSinger(args, args.singer, session);
  if (args.type !== undefined) throw wrongCall('--type is only for --singer', 'Add --singer, or remove --type.');
  const folder = resolve(session.folder, args.folder ?? '.');
  const selection = selected(args);
  if (!args.watch) return await checkOnce(folder, args, selection, session);
  let code: number | undefined;
  for await (const _ of folderChanges(folder, session.stop.graceful)) {
    const checked = checkOnce(folder, args, selection, session);
    // An error in the first round is an error of the call, which no change of files can fix.
    code = code === undefined ? await checked : await checked.catch((error) => reportError(error, session));
    if (!session.stop.graceful.aborted) session.say('Waiting for a change …');
  }
  return code ?? 0;
}

/** The selected guidelines and checks of the kit; undefined means all of them. */
interface Selection {
  readonly rules: readonly string[] | undefined;
  readonly numbers: readonly number[] | undefined;
}

function selected({ only, conformance }: CheckArguments): Selection {
  if (only === undefined) return { rules: undefined, numbers: undefined };
  const numbers = only.filter((name) => /^\d+$/.test(name)).map(Number);
  if (numbers.length > 0 && !conformance) {
    throw wrongCall(`${numbers[0]} is a number of the conformance kit`, 'Add --conformance.');
  }
  const rules = only.filter((name) => !/^\d+$/.test(name));
  return { rules, numbers: numbers.length === 0 ? undefined : numbers };
}

async function checkOnce(
  folder: string,
  args: CheckArguments,
  { rules, numbers }: Selection,
  session: Session,
): Promise<number> {
  const { graceful: signal } = session.stop;
  if (args.update) {
    for (const file of await renewGenerated(folder, { signal })) session.say(`wrote ${file}`);
  }
  // Only numbers select only the kit.
  const isKitOnly = numbers !== undefined && rules?.length === 0;
  const findings = isKitOnly ? [] : await checkGuidelines(folder, { signal, ...(rules && { only: rules }) });
  const title = await packageTitle(folder);
  if (!args.json && !isKitOnly) await session.print(report(title, findings, rules?.length ?? guidelines.length));
  const kit = args.conformance ? await runConformance(folder, numbers, { isQuiet: args.json, signal }) : 0;
  if (args.json) {
    const result = {
      package: title,
      findings,
      ...(args.conformance ? { conformance: kit === 0 ? 'passed' : 'failed' } : {}),
    };
    await session.print(`${JSON.stringify(result, null, 2)}\n`);
  }
  return findings.length === 0 && kit === 0 ? 0 : 1;
}

/** The name in package.json, or else that of the folder. */
async function packageTitle(folder: string): Promise<string> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    if (typeof manifest.name === 'string') return manifest.name;
  } catch {
    // Problems of the file are reported as findings.
  }
  return basename(folder);
}

function report(title: string, findings: readonly GuidelineFinding[], rules: number): Shown {
  const paint = painter(process.stdout);
  if (findings.length === 0) {
    return [paint('green', '✓'), ` ${title} follows ${rules === 1 ? 'the guideline' : `all ${rules} guidelines`}\n`];
  }
  const lines = findings.flatMap(({ rule, file, message, fix }) => {
    const [first = '', ...more] = message.split('\n');
    const rest = more.map((line) => `    ${line}\n`).join('');
    return [paint('red', '✗'), ` ${file}: ${first} `, paint('dim', `(${rule})`), `\n${rest}  ${fix}\n`];
  });
  return [...lines, `${title}: ${findings.length === 1 ? '1 finding' : `${findings.length} findings`}\n`];
}

/** Logs an error while a folder is watched, until the next change. */
function reportError(error: unknown, session: Session): number {
  if (session.stop.graceful.aborted) return 1;
  if (!isC8Error(error)) throw error;
  session.say(`c8connector: ${describe(error, session.isDebug)}`);
  return error.exitCode;
}

function wrongCall(message: string, remedy: string): ConfigError {
  return new ConfigError(message, { code: 'call_invalid', remedy });
}
