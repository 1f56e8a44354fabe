import type { SourceMessage } from 'c8connector';
import { type Catalog, decodeMessages, selectStreams } from 'c8connector';
import { errorText, Finding, NotRunnable } from '../../check.ts';
import { checkExit, type Ended } from '../../program/ended.ts';
import { printedCatalog } from '../../program/program-output.ts';
import { recordingLog } from '../../recording-log.ts';
import type { SourceContext } from '../source-context.ts';
import { selectAll } from './recording.ts';

/** What the program of a source prints. */
export interface Printed {
  /** Out of `--discover`, with the streams selected that are not capped. */
  readonly catalog: Catalog;
  /** Their full read; undefined when all streams are capped. */
  readonly ended: Ended | undefined;
  /** What `--discover` says, with nothing selected. */
  readonly discovered: Catalog;
}

/** Runs the program with `--discover`, and with what that gave. */
export async function printedRead(context: SourceContext): Promise<Printed> {
  const program = await context.program();
  const config = await context.config();
  const discovered = printedCatalog(await program.run(['--discover'], { config }));
  const ids = [...(await context.read()).lines.keys()];
  const missing = ids.find((id) => !discovered.streams.some((entry) => entry.tap_stream_id === id));
  if (missing !== undefined)
    throw new Finding(`'${missing}' in what --discover prints, as discover gives it in process`, 'no such stream');
  const { capped } = await context.read();
  const whole = ids.filter((id) => !capped.has(id));
  const catalog = selectAll(discovered, whole);
  if (whole.length === 0) return { catalog, ended: undefined, discovered };
  const ended = await program.run([], { config, catalog });
  checkExit(ended, 'a full read');
  return { catalog, ended, discovered };
}

/** The full read of the program and its messages. Throws NotRunnable when all streams are capped. */
export async function wholePrinted(context: SourceContext): Promise<{
  readonly catalog: Catalog;
  readonly text: string;
  readonly messages: readonly SourceMessage[];
}> {
  // Says why when there is no such stream.
  await context.whole();
  const { catalog, ended } = await context.printed();
  const text = ended?.stdout ?? '';
  if (selectStreams(catalog).length === 0) throw new NotRunnable('no stream is read');
  return { catalog, text, messages: await messagesOf(text) };
}

/** The messages in the whole lines of what a program printed. Throws a Finding when one is none. */
export async function messagesOf(stdout: string): Promise<SourceMessage[]> {
  const messages: SourceMessage[] = [];
  async function* input() {
    yield Buffer.from(stdout.slice(0, stdout.lastIndexOf('\n') + 1));
  }
  try {
    for await (const message of decodeMessages(input(), { exact: 'number', log: recordingLog() }))
      messages.push(message);
  } catch (error) {
    throw new Finding('Singer messages on stdout of the program', errorText(error), { cause: error });
  }
  return messages;
}
