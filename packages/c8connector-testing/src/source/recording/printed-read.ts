import type { SourceMessage } from 'c8connector';
import { type Catalog, decodeMessages, exactCatalog, silentLog } from 'c8connector';
import { errorText, Finding } from '../../check.ts';
import type { Program } from '../../program/connector-program.ts';
import { checkExit, type Ended } from '../../program/ended.ts';
import { printedCatalog } from '../../program/program-output.ts';
import type { Recording } from './recording.ts';
import { selectAll } from './selected-catalog.ts';

/** The output of the program of a source. */
export interface Printed {
  /** The output of `--discover`, with the streams selected that are not capped. */
  readonly catalog: Catalog;
  /** Their full read; undefined when all streams are capped. */
  readonly ended: Ended | undefined;
  /** The output of `--discover`, with nothing selected. */
  readonly discovered: Catalog;
}

/** Runs the program with `--discover`, and then reads the streams that were not capped. */
export async function printedRead(program: Program, config: object, read: Recording): Promise<Printed> {
  const discovered = printedCatalog(await program.run(['--discover'], { config }));
  const { lines, capped } = read;
  const ids = [...lines.keys()];
  const missing = ids.find((id) => !discovered.streams.some((entry) => entry.tap_stream_id === id));
  if (missing !== undefined)
    throw new Finding(`'${missing}' in what --discover prints, as discover gives it in process`, 'no such stream');
  const whole = ids.filter((id) => !capped.has(id));
  const catalog = selectAll(discovered, whole);
  if (whole.length === 0) return { catalog, ended: undefined, discovered };
  const ended = await program.run([], { config, catalog: exactCatalog(catalog) });
  checkExit(ended, 'a full read');
  return { catalog, ended, discovered };
}

/** The messages in the complete lines of a program's output. Throws a Finding when a line is not a message. */
export async function messagesOf(stdout: string): Promise<SourceMessage[]> {
  const messages: SourceMessage[] = [];
  async function* input() {
    yield Buffer.from(stdout.slice(0, stdout.lastIndexOf('\n') + 1));
  }
  try {
    for await (const message of decodeMessages(input(), { exact: 'number', log: silentLog })) messages.push(message);
  } catch (error) {
    throw new Finding('Singer messages on stdout of the program', errorText(error), { cause: error });
  }
  return messages;
}
