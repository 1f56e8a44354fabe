import { ProtocolError } from '../interface/errors.ts';
import type { ActivateVersionMessage, SchemaMessage, StateMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';
import type { Value } from '../interface/value.ts';
import { readValue } from '../jsonl/read-value.ts';
import type { RecordReader } from '../jsonl/record-reader.ts';
import { behindMark, endOf, isAbsent, presentStart, textMember, versionOf } from './envelope.ts';
import { details, lineError, schemaError } from './line-error.ts';
import { readSchema } from './read-schema.ts';
import { shownName } from './shown.ts';

/** A line whose members were found by an envelope reader. */
export interface ReadLine {
  readonly envelope: RecordReader;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** Logs a problem that is not an error, once. */
  warn(problem: string): void;
}

/** The most values in one message, including those in lists and objects. No schema or state has so many. A value takes at least 50 bytes of memory, but as little as two bytes of the line. */
const mostValues = 1_000_000;
const tooManyValues = `it holds more than ${mostValues} values`;

type ReadMessage = SchemaMessage | ActivateVersionMessage | StateMessage;

/**
 * Readers of the messages other than RECORD. They return undefined for a message without content: a STATE of null, which some taps print when they have no state, and an ACTIVATE_VERSION of null. A STATE
 * with any other value is passed on unchanged. They throw a ProtocolError `line_invalid`, and a DataError `schema_invalid`.
 */
export const messageReaders: ReadonlyMap<string, (line: ReadLine) => ReadMessage | undefined> = new Map<
  string,
  (line: ReadLine) => ReadMessage | undefined
>([
  ['SCHEMA', readSchemaMessage],
  ['STATE', readState],
  ['ACTIVATE_VERSION', readActivateVersion],
  ['BATCH', refuseBatch],
]);

function readSchemaMessage({ envelope, bytes, start, end, line, warn }: ReadLine): SchemaMessage {
  const stream = textMember(envelope, bytes, 'stream', line);
  const whole = limitedValue(bytes, behindMark(bytes, start, end), end, () =>
    schemaError({ line, stream }, tooManyValues),
  );
  const message = whole as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(message, 'schema')) throw lineError({ line, stream }, "missing required key 'schema'");
  return readSchema(message, stream, line, warn);
}

function readState({ envelope, bytes, line, warn }: ReadLine): StateMessage | undefined {
  const start = presentStart(envelope, bytes, 'value', line);
  if (!isAbsent(envelope, bytes, 'value')) {
    const value = limitedValue(bytes, start, endOf(envelope, 'value'), () => lineError({ line }, tooManyValues));
    return { type: 'STATE', value: value as State };
  }
  warn('a STATE whose value is null says nothing: it is passed over');
  return undefined;
}

function limitedValue(bytes: Uint8Array, start: number, end: number, error: () => Error): Value {
  const value = readValue(bytes, start, end, mostValues);
  if (value === undefined) throw error();
  return value;
}

function readActivateVersion({ envelope, bytes, line, warn }: ReadLine): ActivateVersionMessage | undefined {
  const stream = textMember(envelope, bytes, 'stream', line);
  presentStart(envelope, bytes, 'version', line);
  const version = versionOf(envelope, bytes, line);
  if (version !== undefined) return { type: 'ACTIVATE_VERSION', stream, version };
  warn(`an ACTIVATE_VERSION of the stream ${shownName(stream)} has the version null: it is passed over`);
  return undefined;
}

function refuseBatch({ envelope, bytes, line }: ReadLine): never {
  const stream = isAbsent(envelope, bytes, 'stream') ? undefined : textMember(envelope, bytes, 'stream', line);
  const whose = stream === undefined ? '' : ` (stream ${shownName(stream)})`;
  throw new ProtocolError(`line ${line}: BATCH messages are not supported yet${whose}.`, {
    code: 'line_invalid',
    remedy: 'Turn batches off in the tap (for taps of the Singer SDK: remove batch_config).',
    details: details({ line, stream }),
  });
}
