import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { SourceMessage } from 'c8connector';
import { selectStreams } from 'c8connector';
import { type Check, errorText, Finding } from '../../check.ts';
import type { Program } from '../../program/connector-program.ts';
import { type Ended, exitText, stdoutLines } from '../../program/ended.ts';
import { messagesOf } from '../recording/printed-read.ts';
import { lastState } from '../recording/recording.ts';
import { tablesAfter } from '../recording/tables.ts';
import type { SourceContext } from '../source-context.ts';
import { checkMessages } from '../source-program.ts';
import { resumeProgram } from './killed.ts';
import { capFor, checkResumed } from './resume.ts';

/** Milliseconds in which a read ends once its signal is aborted. */
const soon = 5000;
/** Seconds in which a program ends after a signal: its grace, and time to start and to end. */
const grace = 12;

/** 47 */
export const stopped: Check<SourceContext> = {
  number: 47,
  title: 'the first signal ends a read soon and without an error, and what it gave can be gone on from',
  where: 'the signal of read, STATEs of what is not complete, and what the program does on SIGTERM',
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

/** What a read gives that is aborted at a place, and behind it. */
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
      integration: await context.config(),
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
    // Lets the timers have their turn beside a source that never waits.
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
    throw new Finding(`the end of a read within ${soon / 1000} s after it was aborted at ${name}`, 'it goes on');
  });
  try {
    if (Date.now() - abortedAt > soon) await late;
    return await Promise.race([iterator.next(), late]);
  } catch (error) {
    if (error instanceof Finding) throw error;
    // What waits for a signal may say so in its own way.
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

const attempts = 3;

/** Sends SIGTERM as soon as the program prints. */
async function stoppedRun(program: Program, files: Readonly<Record<string, unknown>>): Promise<Ended> {
  const running = await program.start([], files, { grace });
  await running.began;
  running.kill('SIGTERM');
  const ended = await running.ended;
  if (ended.signal === 'SIGKILL')
    throw new Finding(`the end of the program within ${grace} s after SIGTERM`, 'it was still at work');
  return ended;
}

async function stopProgram(context: SourceContext): Promise<void> {
  const program = await context.program();
  const { catalog: whole } = await context.printed();
  const { capped } = await context.read();
  const catalog = capped.size === 0 ? whole : await context.catalog();
  const files = { config: await context.config(), catalog };
  let ended = await stoppedRun(program, files);
  // A program that has done its work takes no signal any more while it ends: another one shows whether that was it.
  for (let attempt = 1; attempt < attempts && ended.code === null; attempt++) ended = await stoppedRun(program, files);
  checkMessages(stdoutLines(ended, 'whole lines on stdout of a program that SIGTERM stopped'));
  if (ended.code !== 143 && ended.code !== 0) throw new Finding('exit code 143 after SIGTERM', exitText(ended));
  const before = await messagesOf(ended.stdout);
  if (ended.code === 0) {
    context.note('47 the program had ended before SIGTERM came: its streams are too small to show what it does then');
  }
  if (capped.size > 0) return;
  const { ended: full } = await context.printed();
  const state = lastState(before);
  const name = 'the last STATE of a program that SIGTERM stopped';
  const resumed = ended.code === 0 ? [] : await resumeProgram(program, files, state, name);
  if (selectStreams(catalog).length > 0)
    checkResumed(
      tablesAfter(await messagesOf(full?.stdout ?? '')),
      before,
      { messages: resumed, capped: new Set() },
      state,
      name,
    );
}
