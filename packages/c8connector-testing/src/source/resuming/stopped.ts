import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { SourceMessage } from 'c8connector';
import { type Check, errorText, Finding } from '../../check.ts';
import { lastState } from '../recording/recording.ts';
import { tablesAfter } from '../recording/tables.ts';
import type { SourceContext } from '../source-context.ts';
import { capFor, checkResumed } from './resume.ts';
import { stopProgram } from './stopped-program.ts';

/** Milliseconds within which a read must end after its signal is aborted. */
const soon = 5000;

/** 47 */
export const stopped: Check<SourceContext> = {
  number: 47,
  title: 'the first signal ends a read soon and without an error, and the read can be resumed',
  where: 'the signal of read, STATEs that claim more than was read, and what the program does on SIGTERM',
  async run(context) {
    await stopReads(context);
    if (!(await hasProgram(context))) return;
    await stopProgram(context);
  },
};

/** Aborts reads at their first message, at their first records, and in the middle of them. */
async function stopReads(context: SourceContext): Promise<void> {
  const { capped, messages } = await context.read();
  const records = messages.filter((message) => message.type === 'RECORDS').length;
  const full = capped.size === 0 ? tablesAfter(messages) : undefined;
  const catalog = await context.catalog();
  const cap = full === undefined ? 0 : capFor(full, context.recordCap);
  for (const [name, isPlace] of [
    ['the first message', () => true],
    ['the first records', (count: number) => count === 1],
    ['records in the middle', (count: number) => count === Math.ceil(records / 2)],
  ] as const) {
    const before = await abortAt(context, isPlace, name);
    if (full === undefined) continue;
    const state = lastState(before);
    const resumed = await context.readWith(catalog, state, cap);
    checkResumed(full, before, resumed, state, `the last STATE of a read that was aborted at ${name}`);
  }
}

/** The messages of a read that is aborted at some point, before and after it. */
async function abortAt(
  context: SourceContext,
  isPlace: (records: number) => boolean,
  name: string,
): Promise<readonly SourceMessage[]> {
  const stop = new AbortController();
  const source = context.makeConnector();
  const messages: SourceMessage[] = [];
  const iterator = source
    .read({
      config: await context.config(),
      catalog: await context.catalog(),
      exact: 'number',
      signal: stop.signal,
      log: context.log,
    })
    [Symbol.asyncIterator]();
  let records = 0;
  let abortedAt: number | undefined;
  for (;;) {
    const next = await nextUntil(iterator, abortedAt, name);
    if (next.done === true) return messages;
    messages.push(next.value);
    if (next.value.type === 'RECORDS') records += 1;
    if (abortedAt === undefined && isPlace(records)) {
      abortedAt = Date.now();
      stop.abort();
    }
    // Lets timers fire even if the source never waits.
    if (messages.length % 16 === 0) await setImmediate();
  }
}

async function nextUntil(
  iterator: AsyncIterator<SourceMessage>,
  abortedAt: number | undefined,
  name: string,
): Promise<IteratorResult<SourceMessage, unknown>> {
  if (abortedAt === undefined) return await iterator.next();
  const done = new AbortController();
  const late = sleep(Math.max(0, abortedAt + soon - Date.now()), undefined, { signal: done.signal }).then(() => {
    throw new Finding(`the end of a read within ${soon / 1000} s after it was aborted at ${name}`, 'it continues');
  });
  try {
    if (Date.now() - abortedAt > soon) await late;
    return await Promise.race([iterator.next(), late]);
  } catch (error) {
    if (error instanceof Finding) throw error;
    // A source that waits with the signal may throw its abort error.
    if (error instanceof Error && error.name === 'AbortError') return { done: true, value: undefined };
    throw new Finding(`no error of a read that was aborted at ${name}`, errorText(error), { cause: error });
  } finally {
    late.catch(() => undefined);
    done.abort();
  }
}

async function hasProgram(context: SourceContext): Promise<boolean> {
  try {
    await context.program();
    return true;
  } catch (error) {
    context.note(`47 the program was not stopped: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
