import type { StateMessage } from 'c8connector';
import { bookmarkOf, Decimal, parseState, type State, selectStreams, stringifyValue } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { wentBack } from './bookmark-order.ts';

/** 42 */
export const states: Check<SourceContext> = {
  number: 42,
  title: 'each STATE is JSON and contains the bookmarks of the earlier ones, and no bookmark goes back',
  where: 'the bookmarks of the pages, or the STATEs that read yields',
  async run(context) {
    const selected = selectStreams(await context.catalog()).map((entry) => entry.tap_stream_id);
    const incremental = (await context.incremental())?.recording.reads ?? [];
    let count = 0;
    for (const messages of [...(await context.read()).reads, ...incremental]) {
      const values = messages.filter((message): message is StateMessage => message.type === 'STATE');
      count += values.length;
      checkStates(values.map(({ value }) => value));
      const syncing = values.map(({ value }) => value.currently_syncing);
      const stranger = syncing.find((id) => typeof id === 'string' && !selected.includes(id));
      if (stranger !== undefined) throw new Finding('a selected stream as currently_syncing', shown(stranger));
    }
    if (count === 0) throw new NotRunnable('the source yields no STATE');
  },
};

/** Throws a Finding when a state is not JSON, or lacks something that an earlier one had. */
function checkStates(values: readonly State[]): void {
  let before: State | undefined;
  for (const [index, value] of values.entries()) {
    const name = `STATE ${index + 1}`;
    const problem = jsonProblem(value, 'value', []);
    if (problem !== undefined) throw new Finding(`${name} as plain JSON`, problem);
    try {
      parseState(stringifyValue(value), name);
    } catch (error) {
      throw new Finding(`${name} that can be read from a state file`, errorText(error), { cause: error });
    }
    for (const [stream, bookmark] of Object.entries(before?.bookmarks ?? {})) {
      const now = bookmarkOf(value, stream);
      if (now === undefined)
        throw new Finding(`${name} with the bookmark of '${stream}', as the one before it has`, shown(value));
      const back = wentBack(bookmark, now);
      if (back !== undefined) throw new Finding(`${name} whose bookmark of '${stream}' does not go back`, back);
    }
    before = value;
  }
}

/** Why a value would change when it is written as JSON and read again; undefined when it would not. */
function jsonProblem(value: unknown, path: string, above: readonly unknown[]): string | undefined {
  if (value === null || ['boolean', 'string', 'bigint'].includes(typeof value)) return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== 'object') return `${path} is ${value === undefined ? 'undefined' : `a ${typeof value}`}`;
  if (value instanceof Decimal) return undefined;
  if (above.includes(value)) return `${path} holds itself`;
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== null && prototype !== Object.prototype)
    return `${path} is a ${prototype.constructor?.name ?? 'class instance'}`;
  // An undefined member is the same as an absent one.
  const members = Object.entries(value).filter(([, member]) => member !== undefined || Array.isArray(value));
  for (const [key, member] of members) {
    const problem = jsonProblem(member, `${path}.${key}`, [...above, value]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
