import { isDeepStrictEqual } from 'node:util';
import { stringifyValue } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../check.ts';
import { checkExit } from '../program/ended.ts';
import { isObject } from '../values/json.ts';
import { messagesOf, namesOf, type TapMessage } from './messages.ts';
import { idOf, selected } from './tap-catalog.ts';
import { isFull, type TapContext, type TapRun } from './tap-context.ts';

/** 42 */
const cumulative: Check<TapContext> = {
  number: 42,
  title: 'each STATE is an object, and also contains the bookmarks of the earlier streams',
  where: 'the value of STATE: it replaces the one before, whole',
  async run({ read }) {
    for (const { messages } of (await read()).rounds) {
      let known: readonly string[] = [];
      for (const { type, value, line } of messages) {
        if (type !== 'STATE' || !isObject(value)) continue;
        const { bookmarks = {} } = value;
        if (!isObject(bookmarks))
          throw new Finding('bookmarks of a STATE as an object', `line ${line}: ${shown(bookmarks)}`);
        const lost = known.find((stream) => !Object.hasOwn(bookmarks, stream));
        if (lost !== undefined)
          throw new Finding(
            `the bookmark of '${lost}' in every STATE after the first with it`,
            `line ${line}: ${shown(value)}`,
          );
        known = Object.keys(bookmarks);
      }
    }
  },
};

/** 43 */
const resumed: Check<TapContext> = {
  number: 43,
  title: 'the tap resumes from a STATE of an earlier run, and loses no record after it',
  where: 'how the tap reads --state, which holds the value of a STATE',
  async run(context) {
    const state = lastStateOf(await context.read());
    if (state === undefined) throw new NotRunnable('the tap writes no STATE: it reads everything each time');
    const catalog = await context.chosen();
    const file = await context.file('state', state.value);
    const counts = new Map<string, number>();
    const end = await context.runWith(selected(catalog, catalog.streams.map(idOf)), ['--state', file], {
      onLine: (line) => (isFull(line, counts, context.recordCap) ? 'SIGTERM' : undefined),
    });
    const isStopped = end.endedAfter !== undefined;
    if (!isStopped) checkExit(end, 'a run with the last STATE');
    const messages = messagesOf(end, isStopped);
    const last = messages.filter(({ type }) => type === 'STATE').at(-1);
    await checkNoLoss(context);
    if (isStopped || last === undefined || !isObject(last.value) || !isObject(state.value)) return;
    const [before, after] = [state.value.bookmarks, last.value.bookmarks];
    if (!isObject(before) || !isObject(after)) return;
    const lost = Object.keys(before).find((stream) => !Object.hasOwn(after, stream));
    if (lost !== undefined)
      throw new Finding(`the bookmark of '${lost}', which stands in --state, in the last STATE`, shown(last.value));
  },
};

/** The most states of a run to resume from. */
const mostStates = 3;

/** Part of 43: a tap that resumes from a STATE repeats what came after it. Rows are identified by their keys, since everything else may have changed. */
async function checkNoLoss(context: TapContext): Promise<void> {
  const { rounds } = await context.read();
  const [round] = rounds;
  // It is unknown which rows a stopped run would have read.
  if (round === undefined || round.isStopped || rounds.length > 1) return;
  const { messages } = round;
  const states = messages.filter(({ type, value }) => type === 'STATE' && !isDeepStrictEqual(value, {}));
  const step = Math.max(1, Math.ceil(states.length / mostStates));
  const catalog = await context.chosen();
  for (const state of states.slice(0, -1).filter((_, index) => index % step === 0)) {
    const file = await context.file('state', state.value);
    const end = await context.runWith(selected(catalog, catalog.streams.map(idOf)), ['--state', file]);
    checkExit(end, `a run with the STATE of line ${state.line}`);
    const found = new Set(keysOf(messagesOf(end, false)).map(({ key }) => key));
    const lost = keysOf(messages).find(({ key, line }) => line > state.line && !found.has(key));
    if (lost !== undefined)
      throw new Finding(
        `the record of line ${lost.line}, ${lost.key}, again in a run that resumes from the STATE of line ${state.line}`,
        'it is missing',
      );
  }
}

function keysOf(messages: readonly TapMessage[]): { readonly key: string; readonly line: number }[] {
  const keys = new Map<unknown, readonly string[]>();
  return messages.flatMap(({ type, stream, key_properties, record, line }) => {
    if (type === 'SCHEMA') keys.set(stream, namesOf(key_properties));
    const names = keys.get(stream) ?? [];
    if (type !== 'RECORD' || !isObject(record) || names.length === 0) return [];
    return [{ key: `${String(stream)} ${stringifyValue(names.map((name) => record[name]))}`, line }];
  });
}

/** 44 */
const untouched: Check<TapContext> = {
  number: 44,
  title: 'a run without any selected stream writes no record',
  where: 'what the tap does with a catalog in which nothing is selected',
  async run({ chosen, runWith, warn }) {
    const end = await runWith(selected(await chosen(), []), []);
    checkExit(end, 'a run without a selected stream');
    const record = messagesOf(end, false).find(({ type }) => type === 'RECORD');
    if (record !== undefined) warn('no RECORD', `line ${record.line} is one, of '${String(record.stream)}'`);
  },
};

function lastStateOf({ rounds }: TapRun): TapMessage | undefined {
  const states = rounds.flatMap(({ messages }) => messages.filter(({ type }) => type === 'STATE'));
  return states.filter(({ value }) => !isDeepStrictEqual(value, {})).at(-1);
}

export const stateChecks: readonly Check<TapContext>[] = [cumulative, resumed, untouched];
