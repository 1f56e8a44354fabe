import { DataError, ProtocolError } from '../interface/errors.ts';
import type { ActivateVersionMessage, SchemaMessage, StateMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { plainSchema } from '../jsonl/plain-schema.ts';
import { isJsonObject } from './document.ts';

/** A message other than RECORD, parsed. One whose type is unknown is undefined and told to `warn`. */
export function readMessage(
  message: Readonly<Record<string, unknown>>,
  line: number,
  warn: (problem: string) => void,
): SchemaMessage | ActivateVersionMessage | StateMessage | undefined {
  const type = textMember(message, 'type', line);
  switch (type) {
    case 'SCHEMA':
      return readSchema(message, line);
    case 'STATE':
      return readState(message, line);
    case 'ACTIVATE_VERSION':
      return {
        type: 'ACTIVATE_VERSION',
        stream: textMember(message, 'stream', line),
        version: readVersion(message, line),
      };
    case 'BATCH':
      throw new ProtocolError(`line ${line}: BATCH messages are not supported yet.`, {
        code: 'line_invalid',
        remedy: 'Turn batches off in the tap (for taps of the Singer SDK: remove batch_config).',
        details: { line },
      });
    default:
      warn(`messages of type ${JSON.stringify(type)} are not known and left out`);
      return undefined;
  }
}

export function lineError(line: number, problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError(`line ${line}: ${problem}`, { code: 'line_invalid', cause, details: { line } });
}

function member(message: Readonly<Record<string, unknown>>, key: string, line: number): unknown {
  if (!Object.hasOwn(message, key)) throw lineError(line, `missing required key '${key}'`);
  return message[key];
}

function textMember(message: Readonly<Record<string, unknown>>, key: string, line: number): string {
  const value = member(message, key, line);
  if (typeof value !== 'string') throw lineError(line, `'${key}' is not a text`);
  return value;
}

function readVersion(message: Readonly<Record<string, unknown>>, line: number): number {
  const version = member(message, 'version', line);
  if (!Number.isSafeInteger(version)) throw lineError(line, `'version' is not an integer`);
  return Number(version);
}

function readState(message: Readonly<Record<string, unknown>>, line: number): StateMessage {
  const value = member(message, 'value', line);
  if (!isJsonObject(value)) throw lineError(line, `'value' is not an object`);
  return { type: 'STATE', value: value as State };
}

function readSchema(message: Readonly<Record<string, unknown>>, line: number): SchemaMessage {
  const stream = textMember(message, 'stream', line);
  const schema = streamSchema(member(message, 'schema', line), stream, line);
  const keyProperties = names(member(message, 'key_properties', line), 'key_properties', line);
  const lacking = keyProperties.find((name) => !Object.hasOwn(schema.properties, name));
  if (lacking !== undefined && Object.keys(schema.properties).length > 0) {
    throw invalidSchema(stream, line, `the key property ${JSON.stringify(lacking)} is none of its columns`);
  }
  const bookmarks = message.bookmark_properties;
  if (bookmarks === undefined || bookmarks === null) return { type: 'SCHEMA', stream, schema, keyProperties };
  return {
    type: 'SCHEMA',
    stream,
    schema,
    keyProperties,
    bookmarkProperties: names(bookmarks, 'bookmark_properties', line),
  };
}

/** One name is as good as a list of one. */
function names(value: unknown, key: string, line: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === null) return [];
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  throw lineError(line, `'${key}' is not a list of texts`);
}

/** A schema that names no columns says that it allows any, and its records are carried as they are; see `isFree`. */
function streamSchema(schema: unknown, stream: string, line: number): StreamSchema {
  if (!isJsonObject(schema)) throw invalidSchema(stream, line, 'it is not an object');
  const properties = schema.properties ?? {};
  if (!isJsonObject(properties)) throw invalidSchema(stream, line, 'its properties are not an object');
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property))
      throw invalidSchema(stream, line, `its property ${JSON.stringify(name)} is not an object`);
  }
  const plain = plainSchema({ ...schema, properties: properties as StreamSchema['properties'] });
  if (Object.keys(properties).length > 0) return plain;
  return { ...plain, additionalProperties: schema.additionalProperties ?? true };
}

function invalidSchema(stream: string, line: number, problem: string): DataError {
  return new DataError(`line ${line}: the schema of the stream ${JSON.stringify(stream)} cannot be used: ${problem}.`, {
    code: 'schema_invalid',
    details: { stream, line },
  });
}
