import { randomBytes } from 'node:crypto';
import type { Log, Row, TargetConnector } from 'c8connector';
import { exactSchema, neverStop, stringifyValue, writeFromInput } from 'c8connector';
import { errorText, Finding, shown } from '../check.ts';
import { type ConnectorContext, connectorContext } from '../context.ts';
import type { TargetTestOptions } from '../options.ts';

/** What the checks of a target share. */
export interface TargetContext extends ConnectorContext<TargetConnector> {
  /** A stream name that was not used before. */
  readonly streamName: (name: string) => string;
  readonly readBack: (stream: string) => Promise<readonly Row[]>;
  readonly isUpsert: boolean;
  readonly activatesVersions: boolean;
  readonly deletesRows: boolean;
  readonly badRow: TargetTestOptions['badRow'];
}

/** Nothing is called before a check asks for it. */
export function targetContext(options: TargetTestOptions): TargetContext {
  return {
    ...connectorContext<TargetConnector>(options),
    streamName: (name) => `${name}_${randomBytes(4).toString('hex')}`,
    readBack: (stream) => rowsOf(options, stream),
    isUpsert: options.loadMethod === 'upsert',
    activatesVersions: options.activateVersion === true,
    deletesRows: options.hardDelete === true,
    badRow: options.badRow,
  };
}

/** The result of the test's `readBack`. Throws a Finding that blames the test when that is not rows. */
async function rowsOf({ readBack }: TargetTestOptions, stream: string): Promise<readonly Row[]> {
  const expected = `rows from readBack of the test for '${stream}', [] when it is not there`;
  let rows: unknown;
  try {
    rows = await readBack(stream);
  } catch (error) {
    throw new Finding(expected, errorText(error), { cause: error });
  }
  if (!Array.isArray(rows)) throw new Finding(expected, shown(rows));
  return rows;
}

/** The result of writing Singer messages. */
export interface Written {
  /** The acknowledged states, as texts. */
  readonly states: readonly string[];
  readonly failure?: { readonly error: unknown };
}

/** Singer text of messages. */
export function singerText(messages: readonly object[]): string {
  const exact = messages.map((message) =>
    'schema' in message ? { ...message, schema: exactSchema(message.schema) } : message,
  );
  return exact.map((message) => `${stringifyValue(message)}\n`).join('');
}

/** Writes messages as the program of the target does, in this process. */
export async function writeMessages(
  target: TargetConnector,
  config: unknown,
  messages: readonly object[],
  log: Log,
): Promise<Written> {
  const printed: string[] = [];
  const output = {
    write: async (chunk: Uint8Array | string) => {
      printed.push(Buffer.from(chunk).toString());
    },
  };
  async function* input(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(singerText(messages));
  }
  const states = () => printed.join('').split('\n').slice(0, -1);
  try {
    await writeFromInput(target, { config, input: input(), stop: neverStop(), log }, output);
    return { states: states() };
  } catch (error) {
    return { states: states(), failure: { error } };
  }
}
