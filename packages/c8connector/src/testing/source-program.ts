import { type Catalog, parseCatalog } from '../singer/catalog.ts';
import { parseValue } from '../singer/values.ts';
import { type Check, errorText, Finding, shown } from './check.ts';
import type { Ended } from './program.ts';
import { selectAll } from './recording.ts';
import type { SourceContext } from './source-context.ts';

const members: Readonly<Record<string, readonly string[]>> = {
  SCHEMA: ['stream', 'schema', 'key_properties'],
  RECORD: ['stream', 'record'],
  STATE: ['value'],
  ACTIVATE_VERSION: ['stream', 'version'],
};

/** 51 */
export const sourceProgram: Check<SourceContext> = {
  number: 51,
  title: 'stdout of the program carries only messages, and of --discover only the catalog',
  where: 'everything that writes to stdout: console.log, drivers that print; logs belong on stderr',
  async run(context) {
    const program = await context.program();
    const config = await context.config();
    const catalog = catalogOf(await program.run(['--discover'], { config }));
    const { tapIds, streams } = await selection(context, catalog);
    const ended = await program.run([], { config, catalog: selectAll(catalog, tapIds) });
    checkExit(ended, 'a full read');
    const records = checkMessages(ended.stdout);
    for (const [stream, lines] of streams) {
      const wanted = [...lines.values()].reduce((sum, count) => sum + count, 0);
      const printed = records.get(stream) ?? 0;
      if (printed !== wanted)
        throw new Finding(`${wanted} RECORDs of '${stream}', as read gives in process`, `${printed}`);
    }
  },
};

function catalogOf(ended: Ended): Catalog {
  checkExit(ended, '--discover');
  try {
    return parseCatalog(ended.stdout, 'stdout');
  } catch (error) {
    throw new Finding('one catalog and nothing else on stdout of --discover', errorText(error), { cause: error });
  }
}

async function selection(context: SourceContext, catalog: Catalog) {
  const streams = (await context.read()).lines;
  const tapIds = [...streams.keys()];
  const missing = tapIds.find((id) => !catalog.streams.some((entry) => entry.tap_stream_id === id));
  if (missing !== undefined)
    throw new Finding(`'${missing}' in what --discover prints, as discover gives it in process`, 'no such stream');
  return { tapIds, streams };
}

/** Throws a Finding unless the program ended well; shows the end of its stderr. */
export function checkExit({ code, stderr }: Ended, what: string): void {
  if (code !== 0)
    throw new Finding(
      `exit code 0 of ${what}`,
      `${code ?? 'ended by a signal'}; stderr ends with ${shown(stderr.trim().split('\n').at(-1) ?? '')}`,
    );
}

function checkMessages(stdout: string): ReadonlyMap<string, number> {
  if (stdout !== '' && !stdout.endsWith('\n'))
    throw new Finding('a newline at the end of stdout', shown(stdout.slice(-80)));
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
