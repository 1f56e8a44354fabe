import { parseValue, selectStreams } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import { exitText } from '../program/exit-code.ts';
import { selectAll } from './recording/recording.ts';
import type { SourceContext } from './source-context.ts';

const members: Readonly<Record<string, readonly string[]>> = {
  SCHEMA: ['stream', 'schema', 'key_properties'],
  RECORD: ['stream', 'record'],
  STATE: ['value'],
  ACTIVATE_VERSION: ['stream', 'version'],
};

/** Lines of an endless stream that are looked at, besides as many as a stream is read for. */
const moreLines = 1000;

/** 51 */
export const sourceProgram: Check<SourceContext> = {
  number: 51,
  title: 'stdout of the program carries only messages, and of --discover only the catalog',
  where: 'everything that writes to stdout: console.log, drivers that print; logs belong on stderr',
  async run(context) {
    const { lines: streams, capped } = await context.read();
    const { catalog, ended } = await context.printed();
    if (capped.size > 0) await checkCapped(context);
    if (ended === undefined) return;
    checkEnd(ended.stdout);
    const records = checkMessages(ended.stdout);
    for (const { tap_stream_id: stream } of selectStreams(catalog)) {
      const wanted = [...(streams.get(stream)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
      const printed = records.get(stream) ?? 0;
      if (printed !== wanted)
        throw new Finding(`${wanted} RECORDs of '${stream}', as read gives in process`, `${printed}`);
    }
  },
};

/** Long streams: the program is stopped after enough of them. */
async function checkCapped(context: SourceContext): Promise<void> {
  const { capped } = await context.read();
  const { discovered } = await context.printed();
  const enough = context.recordCap + moreLines;
  let isStopped = false;
  const program = await context.program();
  const running = await program.start(
    [],
    { config: await context.config(), catalog: selectAll(discovered, [...capped]) },
    {
      onOutput: (_bytes, lines) => {
        if (lines < enough || isStopped) return;
        isStopped = true;
        running.kill('SIGKILL');
      },
    },
  );
  const ended = await running.ended;
  if (ended.code !== 0 && !isStopped)
    throw new Finding(`the first ${enough} lines of ${[...capped].join(', ')}`, exitText(ended));
  if (!isStopped) checkEnd(ended.stdout);
  const records = checkMessages(ended.stdout);
  if ([...records.values()].every((count) => count < context.recordCap))
    throw new Finding(
      `more than ${context.recordCap} RECORDs of ${[...capped].join(' or ')}, as read gives in process`,
      shown(Object.fromEntries(records)),
    );
}

function checkEnd(stdout: string): void {
  if (stdout !== '' && !stdout.endsWith('\n'))
    throw new Finding('a newline at the end of stdout', shown(stdout.slice(-80)));
}

/** Throws a Finding when a whole line is no message; gives the number of RECORDs of each stream. */
export function checkMessages(stdout: string): ReadonlyMap<string, number> {
  const records = new Map<string, number>();
  for (const [index, line] of stdout.split('\n').slice(0, -1).entries()) {
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
