import { parseValue } from 'c8connector';
import { Finding, shown } from '../check.ts';
import { type Ended, stdoutLines, wholeLines } from '../program/ended.ts';
import { isObject } from '../values/json.ts';

/** A message of a tap, with the members that its type needs. */
export type TapMessage = Readonly<Record<string, unknown>> & { readonly type: string; readonly line: number };

type Kind = 'text' | 'object' | 'names' | 'integer' | 'any';

const members: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  SCHEMA: { stream: 'text', schema: 'object', key_properties: 'names' },
  RECORD: { stream: 'text', record: 'object' },
  STATE: { value: 'object' },
  ACTIVATE_VERSION: { stream: 'text', version: 'integer' },
  BATCH: { stream: 'text' },
};

/** The messages on stdout. Throws a Finding at the first line that is not a message. The last line may be cut when the program was stopped. */
export function messagesOf(end: Ended, isStopped: boolean): TapMessage[] {
  return (isStopped ? wholeLines(end) : stdoutLines(end)).map((line, index) => messageOf(line, index + 1));
}

function messageOf(line: string, number: number): TapMessage {
  let message: unknown;
  try {
    message = parseValue(line);
  } catch {
    throw new Finding('a Singer message on each line of stdout, in strict JSON', `line ${number}: ${shown(line)}`);
  }
  const type = isObject(message) ? String(message.type) : '';
  const wanted = members[type];
  if (!isObject(message) || wanted === undefined)
    throw new Finding(`${Object.keys(members).join(', ')} on stdout`, `line ${number}: ${shown(line)}`);
  for (const [name, kind] of Object.entries(wanted)) {
    if (!isOfKind(message[name], kind)) {
      const found = Object.hasOwn(message, name) ? `${name} is ${shown(message[name])}` : `no ${name}`;
      throw new Finding(`${type} with ${name} (${kind})`, `line ${number}: ${found}`);
    }
  }
  return { ...message, type, line: number };
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'object') return isObject(value);
  if (kind === 'integer') return Number.isSafeInteger(value);
  if (kind === 'names')
    return typeof value === 'string' || (Array.isArray(value) && value.every((name) => typeof name === 'string'));
  return true;
}

/** A list of names, which may be written as a single name. */
export function namesOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : [];
}

/** The stream of a line that is a RECORD; undefined for any other line. */
export function recordStream(line: string): string | undefined {
  if (!line.includes('RECORD')) return undefined;
  try {
    const message: unknown = JSON.parse(line);
    return isObject(message) && message.type === 'RECORD' ? String(message.stream) : undefined;
  } catch {
    // Reported when the messages are read.
    return undefined;
  }
}
