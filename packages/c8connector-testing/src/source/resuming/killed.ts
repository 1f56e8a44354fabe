import type { Catalog, SourceMessage, State } from 'c8connector';
import { selectStreams } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../../check.ts';
import type { Program } from '../../program/connector-program.ts';
import { checkExit, type Ended } from '../../program/ended.ts';
import { messagesOf } from '../recording/printed-read.ts';
import { lastState } from '../recording/recording.ts';
import { missingLine, type Table, tablesAfter } from '../recording/tables.ts';
import type { SourceContext } from '../source-context.ts';
import { checkResumed } from './resume.ts';

/** Where programs are killed, as fractions of their output: at the first bytes, among the early records, and after them. */
const places = [
  [0, 0],
  [0.15, 0.45],
  [0.45, 1],
] as const;

/** 46 */
export const killed: Check<SourceContext> = {
  number: 46,
  title: 'a program that is killed at any moment and resumed from its last STATE gives the same set of records',
  where: 'STATEs on stdout that are ahead of the records before them, and what a killed program leaves behind',
  async run(context) {
    const program = await context.program();
    const { catalog, text, messages } = await wholePrinted(context);
    const files = { config: await context.config(), catalog };
    const full = tablesAfter(messages);
    const size = Buffer.byteLength(text);
    await Promise.all(
      places.map(async ([from, to]) => {
        const at = 1 + Math.floor((from + Math.random() * (to - from)) * (size - 1));
        const cut = await killAt(program, files, at);
        await checkRest(program, files, cut, full, `byte ${Buffer.byteLength(cut)} of ${size}`);
      }),
    );
  },
};

/** The full read of the program and its messages. Throws NotRunnable when all streams are capped. */
async function wholePrinted(context: SourceContext): Promise<{
  readonly catalog: Catalog;
  readonly text: string;
  readonly messages: readonly SourceMessage[];
}> {
  // Throws with the reason when there is no such stream.
  await context.whole();
  const { catalog, ended } = await context.printed();
  const text = ended?.stdout ?? '';
  if (selectStreams(catalog).length === 0) throw new NotRunnable('no stream is read');
  return { catalog, text, messages: await messagesOf(text) };
}

type Files = Readonly<Record<string, unknown>>;

/** The output of a program that was killed after this many bytes; when it had already ended, the first bytes of its output. */
async function killAt(program: Program, files: Files, at: number): Promise<string> {
  const running = await program.start([], files, { onOutput: (bytes) => (bytes < at ? undefined : 'SIGKILL') });
  const ended = await running.ended;
  return ended.code === null ? ended.stdout : Buffer.from(ended.stdout).subarray(0, at).toString();
}

async function checkRest(
  program: Program,
  files: Files,
  cut: string,
  full: ReadonlyMap<string, Table>,
  place: string,
): Promise<void> {
  const before = await messagesOf(cut);
  const state = lastState(before);
  const name = `the last STATE before ${place}, where it was killed`;
  const resumed = await resumeProgram(program, files, state, name);
  checkResumed(full, before, { messages: resumed, capped: new Set() }, state, name);
  const extra = missingLine(once(tablesAfter([...before, ...resumed])), once(full));
  if (extra !== undefined)
    throw new Finding(`records of '${extra.stream}' that a full read gives, too, after ${name}`, shown(extra.line));
}

/** The output of the program when it resumes from a state. */
export async function resumeProgram(
  program: Program,
  files: Files,
  state: State | undefined,
  name: string,
): Promise<readonly SourceMessage[]> {
  const ended: Ended = await program.run([], { ...files, state });
  checkExit(ended, `a run from ${name}, ${shown(state)}`);
  return await messagesOf(ended.stdout);
}

/** Each line once, since rows may be repeated. */
function once(tables: ReadonlyMap<string, Table>): ReadonlyMap<string, Table> {
  return new Map([...tables].map(([stream, lines]) => [stream, new Map([...lines.keys()].map((line) => [line, 1]))]));
}
