import { type Sample, stringifyValue, type Value, visible } from 'c8connector';
import { refuseUnknownStreams } from 'c8connector-host';
import { table, terminalWidth } from '../display/tables.ts';
import type { Session } from '../session.ts';
import { type ConfiguredArguments, loadConfigured } from './configured.ts';

export interface StreamArguments extends ConfiguredArguments {
  readonly stream?: readonly string[] | undefined;
  readonly json: boolean;
}

/** The most characters of a value that are shown. */
const cell = 32;

/** Shows the first rows of each stream. */
export async function samples(args: StreamArguments, session: Session): Promise<number> {
  const { connector, config } = await loadConfigured(args, session);
  const options = { signal: session.stop.graceful, log: session.log };
  const wanted = await connector.samples(config, {
    ...options,
    ...(args.stream === undefined ? {} : { streams: args.stream }),
  });
  const known = async () => (await connector.schemas(config, options)).map(({ name }) => name);
  await refuseUnknownStreams(
    connector,
    args.stream ?? [],
    wanted.map(({ schema }) => schema.name),
    known,
  );
  if (args.json) await session.print(`${stringifyValue(wanted, 2)}\n`);
  else if (wanted.length === 0) await session.print(`${connector.packageName} shows no streams.\n`);
  else for (const sample of wanted) await session.print(sampleTable(sample));
  return 0;
}

function sampleTable({ schema, data }: Sample): string {
  const columns = schema.attributes.map(({ name }) => name);
  const heading = `${visible(schema.name)}: ${data.length} row${data.length === 1 ? '' : 's'}\n`;
  if (data.length === 0 || columns.length === 0) return `${heading}\n`;
  const rows = data.map((row) => columns.map((column) => (Object.hasOwn(row, column) ? shown(row[column]) : '')));
  const isNumber = ({ type }: (typeof schema.attributes)[number]): boolean =>
    ['int', 'long', 'float', 'double'].includes(type);
  const right = schema.attributes.flatMap((attribute, index) => (isNumber(attribute) ? [index] : []));
  return `${heading}${table(columns, rows, { width: terminalWidth(), cell, right })}\n`;
}

function shown(value: Value | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : stringifyValue(value);
}
