import type { Catalog, SourceConnector } from 'c8connector';
import { isC8Error, stringifyValue, type Value } from 'c8connector';
import { errorText, Finding, shortened } from '../../check.ts';
import { record } from '../recording/recording.ts';
import { missingLine, type Table } from '../recording/tables.ts';
import { ampleCap, type SourceContext } from '../source-context.ts';

/** The result of a call: the rows of each stream, or its columns, as texts. */
export type Tables = ReadonlyMap<string, Table>;

/** A call of a source that makes requests to its service. */
export interface SourceCall {
  readonly name: 'discover' | 'read';
  /** What it returns, for findings: rows or streams. */
  readonly what: string;
  /** Makes the call, with a new connector when none is given. */
  readonly run: (config: Readonly<Record<string, unknown>>, source?: SourceConnector) => Promise<Tables>;
}

/** The calls whose answers are spoilt. Throws NotRunnable when every stream is too long to be read as a whole. */
export async function sourceCalls(context: SourceContext): Promise<readonly SourceCall[]> {
  const { log, recordCap } = context;
  const { catalog } = await context.whole();
  const read = async (source: SourceConnector, config: object) =>
    (await record(source, { config, catalog, log }, ampleCap(recordCap))).lines;
  return [
    {
      ...{ name: 'discover', what: 'all streams and columns' },
      run: async (config, source = context.makeConnector()) => streamsOf(await source.discover(config, { log })),
    },
    {
      ...{ name: 'read', what: 'all rows' },
      run: async (config, source = context.makeConnector()) => await read(source, config),
    },
  ];
}

function streamsOf({ streams }: Catalog): Tables {
  return new Map(
    streams.map(({ tap_stream_id: id, schema }) => [id, new Map([[stringifyValue(schema as unknown as Value), 1]])]),
  );
}

/** Throws a Finding unless the call returns its complete result or, if it may fail, ends with an error whose class says who must act. */
export async function checkBelieved(
  call: SourceCall,
  config: Readonly<Record<string, unknown>>,
  own: Tables,
  { when, mayFail, source }: { readonly when: string; readonly mayFail: boolean; readonly source?: SourceConnector },
): Promise<void> {
  const expected = `${call.name}, ${when}: ${call.what}${mayFail ? ', or an error' : ''}`;
  let found: Tables;
  try {
    found = await call.run(config, source);
  } catch (error) {
    if (mayFail && isC8Error(error) && error.name !== 'ConnectorError') return;
    const who = mayFail ? ' of the project that says who must act' : '';
    throw new Finding(`${expected}${who}`, errorText(error), { cause: error });
  }
  const stranger = [...own.keys()].find((stream) => !found.has(stream));
  if (stranger !== undefined) throw new Finding(expected, `success, without the stream '${stranger}'`);
  const missing = missingLine(own, found);
  if (missing !== undefined)
    throw new Finding(
      expected,
      `success, with ${missing.count} of ${missing.of} missing in '${missing.stream}', such as ${shortened(missing.line)}`,
    );
  const twice = missingLine(found, own);
  if (twice !== undefined)
    throw new Finding(expected, `success, with more in '${twice.stream}', such as ${shortened(twice.line)}`);
}
