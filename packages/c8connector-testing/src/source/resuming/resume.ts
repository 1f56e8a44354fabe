import type { Catalog, SourceMessage, StateMessage } from 'c8connector';
import { bookmarkOf, parseState, type State, stringifyValue } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable, shown } from '../../check.ts';
import type { Recording } from '../recording/recording.ts';
import { countRows, missingLine, type Table, tablesAfter } from '../recording/tables.ts';
import { ampleCap, type SourceContext } from '../source-context.ts';

/** The fewest states to try; more are tried while time permits. */
const fewest = 10;
const milliseconds = 1000;

/** 43 */
export const resume: Check<SourceContext> = {
  number: 43,
  title: 'a read that resumes from any STATE of an earlier read loses nothing',
  where: 'bookmarks that are ahead of the rows before them, or a read that starts after its bookmark',
  async run(context) {
    const { catalog, messages } = await context.whole();
    const incremental = await context.incremental();
    let tried = await resumeAll(context, catalog, messages);
    if (incremental !== undefined && incremental.recording.capped.size === 0)
      tried += await resumeAll(context, incremental.catalog, incremental.recording.messages);
    if (tried === 0) throw new NotRunnable('the source yields no STATE');
  },
};

async function resumeAll(
  context: SourceContext,
  catalog: Catalog,
  messages: readonly SourceMessage[],
): Promise<number> {
  const places = messages.flatMap((message, index) => (message.type === 'STATE' ? [index] : []));
  const full = tablesAfter(messages);
  const cap = capFor(full, context.recordCap);
  const isOrdered = withoutSchema(messages) === undefined;
  const started = Date.now();
  for (const [index, place] of sampled(places).entries()) {
    if (index >= fewest && Date.now() - started > milliseconds) break;
    const { value } = messages[place] as StateMessage;
    const name = `STATE ${places.indexOf(place) + 1} of ${places.length}`;
    const resumed = await readFrom(context, catalog, value, cap, name);
    checkResumed(full, messages.slice(0, place), resumed, value, name);
    const bare = withoutSchema(resumed.messages);
    if (bare !== undefined && isOrdered)
      throw new Finding(`SCHEMA before the records of '${bare}' in a read from ${name}`, 'none');
  }
  return places.length;
}

/** How many rows of a stream a read may return before it counts as endless. */
export function capFor(full: ReadonlyMap<string, Table>, recordCap: number): number {
  return ampleCap(Math.max(recordCap, ...[...full.values()].map(countRows)));
}

/** The first, the last and eight evenly between them; then the others. */
export function sampled(places: readonly number[]): readonly number[] {
  if (places.length <= fewest) return places;
  const chosen = new Set<number>();
  for (let index = 0; index < fewest; index++)
    chosen.add(places[Math.round((index * (places.length - 1)) / (fewest - 1))] ?? 0);
  return [...chosen, ...places.filter((place) => !chosen.has(place))];
}

async function readFrom(
  context: SourceContext,
  catalog: Catalog,
  value: State,
  cap: number,
  name: string,
): Promise<Recording> {
  try {
    // Converted as by a state file.
    return await context.readWith(catalog, parseState(stringifyValue(value), name), cap);
  } catch (error) {
    throw new Finding(`a read from ${name}, ${shown(value)}`, errorText(error), { cause: error });
  }
}

/** Throws a Finding when the rows before a state and those of a read from it are not the whole stream. */
export function checkResumed(
  full: ReadonlyMap<string, Table>,
  before: readonly SourceMessage[],
  { messages, capped }: Pick<Recording, 'messages' | 'capped'>,
  state: State | undefined,
  name: string,
): void {
  const [endless] = capped;
  if (endless !== undefined)
    throw new Finding(`a read from ${name} that ends`, `many times the records of '${endless}'`);
  const lost = Object.keys(state?.bookmarks ?? {}).find((stream) =>
    messages.some((message) => message.type === 'STATE' && bookmarkOf(message.value, stream) === undefined),
  );
  if (lost !== undefined)
    throw new Finding(`the bookmark of '${lost}' in each STATE of a read from ${name}`, `one has none`);
  const missing = missingLine(full, tablesAfter([...before, ...messages]));
  if (missing === undefined) return;
  throw new Finding(
    `all ${missing.of} records of '${missing.stream}' before ${name} or in a read from it`,
    `${missing.count} in neither, such as ${shown(missing.line)}; the state is ${shown(state)}`,
  );
}

/** A stream whose records came before its SCHEMA. */
function withoutSchema(messages: readonly SourceMessage[]): string | undefined {
  const known = new Set<string>();
  for (const message of messages) {
    if (message.type === 'SCHEMA') known.add(message.stream);
    if (message.type === 'RECORDS' && !known.has(message.stream)) return message.stream;
  }
  return undefined;
}
