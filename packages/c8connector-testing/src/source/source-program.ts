import { exactCatalog, parseValue, selectStreams } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import { exitText, stdoutLines, wholeLines } from '../program/ended.ts';
import { selectAll } from './recording/selected-catalog.ts';
import { countRows } from './recording/tables.ts';
import type { SourceContext } from './source-context.ts';

const members: Readonly<Record<string, readonly string[]>> = {
  SCHEMA: ['stream', 'schema', 'key_properties'],
  RECORD: ['stream', 'record'],
  STATE: ['value'],
  ACTIVATE_VERSION: ['stream', 'version'],
};

/** How many lines of a long stream are checked in addition to the cap. */
const moreLines = 1000;

/** 51 */
export const sourceProgram: Check<SourceContext> = {
  number: 51,
  title: 'the program prints only messages on stdout, and with --discover only the catalog',
  where: 'everything that writes to stdout: console.log, drivers that print; logs belong on stderr',
  async run(context) {
    const { lines: streams, capped } = await context.read();
    const { catalog, ended } = await context.printed();
    if (capped.size > 0) await checkCapped(context);
    if (ended === undefined) return;
    const records = checkMessages(stdoutLines(ended));
    for (const { tap_stream_id: stream } of selectStreams(catalog)) {
      const wanted = countRows(streams.get(stream));
      const printed = records.get(stream) ?? 0;
      if (printed !== wanted)
        throw new Finding(`${wanted} RECORDs of '${stream}', as read gives in process`, `${printed}`);
    }
  },
};

/** Checks long streams: the program is stopped after enough lines. */
async function checkCapped(context: SourceContext): Promise<void> {
  const { capped } = await context.read();
  const { discovered } = await context.printed();
  const enough = context.recordCap + moreLines;
  const files = { config: await context.config(), catalog: exactCatalog(selectAll(discovered, [...capped])) };
  let lines = 0;
  const program = await context.program();
  const running = await program.start([], files, {
    onLine: () => {
      lines += 1;
      return lines < enough ? undefined : 'SIGKILL';
    },
  });
  const ended = await running.ended;
  const isStopped = ended.endedAfter !== undefined;
  if (ended.code !== 0 && !isStopped)
    throw new Finding(`the first ${enough} lines of ${[...capped].join(', ')}`, exitText(ended));
  const records = checkMessages(isStopped ? wholeLines(ended) : stdoutLines(ended));
  if ([...records.values()].every((count) => count < context.recordCap))
    throw new Finding(
      `more than ${context.recordCap} RECORDs of ${[...capped].join(' or ')}, as read gives in process`,
      shown(Object.fromEntries(records)),
    );
}

/** Throws a Finding when a line is not a message; returns the number of RECORDs of each stream. */
export function checkMessages(lines: readonly string[]): ReadonlyMap<string, number> {
  const records = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const message = messageOf(line, index + 1);
    if (message.type === 'RECORD') records.set(String(message.stream), (records.get(String(message.stream)) ?? 0) + 1);
  }
  return records;
}

function messageOf(line: string, number: number): Readonly<Record<string, unknown>> {
  let message: unknown;
  try {
    message = parseValue(line);
  } catch {
    throw new Finding('a Singer message on each line of stdout', `line ${number} is not JSON: ${shown(line)}`);
  }
  const type = typeof message === 'object' && message !== null && 'type' in message ? String(message.type) : '';
  const wanted = members[type];
  if (wanted === undefined)
    throw new Finding(`${Object.keys(members).join(', ')} on stdout`, `line ${number}: ${shown(line)}`);
  const missing = wanted.find((member) => !Object.hasOwn(message as object, member));
  if (missing !== undefined) throw new Finding(`${type} with ${wanted.join(', ')}`, `line ${number} has no ${missing}`);
  return message as Readonly<Record<string, unknown>>;
}
