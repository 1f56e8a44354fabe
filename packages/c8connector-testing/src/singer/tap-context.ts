import { once } from '../context.ts';
import { checkExit, type Ended } from '../program/ended.ts';
import { flagValue, withoutFlags } from './command.ts';
import type { SingerContext } from './context.ts';
import { messagesOf, recordStream, type TapMessage } from './messages.ts';
import { catalogOf, idOf, nameOf, readCatalog, selected, type TapCatalog, withSchemaFlags } from './tap-catalog.ts';

/** One run of a tap, possibly in several rounds: a stream that reaches the cap ends a round, and the next round reads the other streams. */
export interface TapRun {
  readonly rounds: readonly TapRound[];
}

interface TapRound {
  readonly messages: readonly TapMessage[];
  /** Whether the record cap ended it. */
  readonly isStopped: boolean;
}

export interface TapContext extends SingerContext {
  /** The parsed output of --discover. Throws a Finding. */
  readonly catalog: () => Promise<TapCatalog>;
  /** The streams to read: those that the catalog of the command line selects, or all without a catalog. */
  readonly chosen: () => Promise<TapCatalog>;
  /** Runs --discover once more. */
  readonly discover: (flags: readonly string[]) => Promise<TapCatalog>;
  /** A read of all chosen streams. Throws a Finding when the program fails or prints something that is not a message. */
  readonly read: () => Promise<TapRun>;
  /** Runs the tap with a catalog, passed with the flag that it supports. */
  runWith(catalog: TapCatalog, more: readonly string[], options?: Parameters<SingerContext['run']>[1]): Promise<Ended>;
}

/** The most rounds of a run. */
const mostRounds = 5;

/** Messages of programs about an unknown flag. */
const refusesCatalog = /(?:unrecognized|unknown|unexpected|no such|invalid)\b.*--catalog/i;

const catalogFlags = ['--catalog', '--properties', '-p'] as const;

export function tapContext(context: SingerContext): TapContext {
  const given = flagValue(context.command, ...catalogFlags);
  // Each run has its own catalog and state.
  const command = withoutFlags(context.command, ...catalogFlags, '--state', '-s').filter(
    (word) => word !== '--discover' && word !== '-d',
  );
  const run: SingerContext['run'] = async (flags, options) => await context.runOther([...command, ...flags], options);
  const discover = async (flags: readonly string[]) => catalogOf(await run(['--discover', ...flags]));
  const catalog = once(async () => await discover([]));
  const chosen = once(async () => (given === undefined ? await catalog() : await readCatalog(context.folder, given)));
  let flag: '--catalog' | '--properties' = '--catalog';
  const runWith: TapContext['runWith'] = async (selected, more, options) => {
    const runBehind = async (name: string, content: TapCatalog) =>
      await run([name, await context.file('catalog', content), ...more], options);
    if (flag === '--catalog') {
      const end = await runBehind(flag, selected);
      if (end.code === 0 || !refusesCatalog.test(end.stderr)) return end;
      flag = '--properties';
    }
    return await runBehind(flag, withSchemaFlags(selected));
  };
  const read = once(async () => await readAll(await chosen(), context, runWith));
  return { ...context, run, catalog, chosen, discover, read, runWith };
}

async function readAll(catalog: TapCatalog, context: SingerContext, runWith: TapContext['runWith']): Promise<TapRun> {
  const rounds: TapRound[] = [];
  let open = catalog.streams.map(idOf);
  while (open.length > 0 && rounds.length < mostRounds) {
    const counts = new Map<string, number>();
    const end = await runWith(selected(catalog, open), [], {
      onLine: (line) => (isFull(line, counts, context.recordCap) ? 'SIGTERM' : undefined),
    });
    const isStopped = end.endedAfter !== undefined;
    if (!isStopped) checkExit(end, 'a read of all streams');
    rounds.push({ messages: messagesOf(end, isStopped), isStopped });
    if (!isStopped) break;
    const left = open.filter((id) => !counts.has(id) && !counts.has(nameOf(catalog, id)));
    if (left.length === open.length) break;
    open = left;
  }
  return { rounds };
}

/** Counts a record, and returns whether its stream has reached the cap. */
export function isFull(line: string, counts: Map<string, number>, cap: number): boolean {
  const name = recordStream(line);
  if (name === undefined) return false;
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  return count >= cap;
}
