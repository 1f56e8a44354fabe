import type { Duplex } from 'node:stream';
import { invalidAnswer } from 'c8connector-sql';
import { conversation } from './conversation.ts';
import { isKnownMessage, isWholeMessage } from './message-shape.ts';

type DataListener = (chunk: Buffer) => void;

const headerSize = 5;

/** Letters of the messages that may be long; all others have a few hundred bytes, and libpq refuses them from 30,000 on. */
const longLetters = 'TDdENA';
const shortMessageBytes = 30_000;
/** Limit for a long message: rows of the system catalog are short, and those of tables do not come through this parser. */
const longMessageBytes = 16 * 1024 * 1024;
/** Limit for a whole answer: enough for about two million columns of tables. */
const answerBytes = 256 * 1024 * 1024;

/** Milliseconds for the rest of a message, and from the end of an answer until the server is ready for the next query: it has no work left in between. */
const endingTimeout = 8000;

/**
 * Stands between a connection and the parser of pg, which allocates what a length says, reads past the end of a truncated message, and lets its errors
 * end the process. The parser receives only complete messages that are valid at their point, and nothing after the first invalid one: the connection is then destroyed
 * with an error `server_answer_invalid`. Call this when pg listens to the stream.
 */
export function guardMessages(stream: Duplex): void {
  const listeners = stream.listeners('data') as DataListener[];
  const check = conversation();
  let held: Buffer = Buffer.alloc(0);
  let answered = 0;
  let timer: NodeJS.Timeout | undefined;

  function refuse(found: string, remedy?: string): void {
    held = Buffer.alloc(0);
    stream.removeListener('data', onData);
    stream.destroy(invalidAnswer(found, { remedy }));
  }

  function onData(chunk: Buffer): void {
    clearTimeout(timer);
    // Most chunks begin with a message.
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    while (at + headerSize <= bytes.length) {
      const letter = String.fromCharCode(bytes[at] as number);
      const size = bytes.readUInt32BE(at + 1);
      const problem = headerProblem(letter, size);
      if (problem !== undefined) {
        refuse(problem);
        return;
      }
      const end = at + 1 + size;
      if (end > bytes.length) break;
      if (!take(letter, bytes.subarray(at, end))) return;
      at = end;
    }
    held = bytes.subarray(at);
    if (check.isEnding || held.length > 0)
      timer = setTimeout(() => refuse('its answer does not end'), endingTimeout).unref();
  }

  function take(letter: string, message: Buffer): boolean {
    const body = message.subarray(headerSize);
    const problem = isWholeMessage(letter, body) ? check.take(letter, body) : `a message ${letter} is truncated`;
    if (problem !== undefined) {
      refuse(problem);
      return false;
    }
    answered = letter === 'Z' ? 0 : answered + message.length;
    if (answered > answerBytes) {
      refuse(
        `an answer has more than ${answerBytes >> 20} MB`,
        'Name fewer tables with filter_schemas or filter_table.',
      );
      return false;
    }
    try {
      for (const listener of listeners) listener(message);
    } catch (error) {
      refuse(`a message ${letter} cannot be decoded (${error instanceof Error ? error.message : String(error)})`);
      return false;
    }
    return true;
  }

  for (const listener of listeners) stream.removeListener('data', listener);
  stream.on('data', onData);
  stream.once('close', () => clearTimeout(timer));
}

function headerProblem(letter: string, size: number): string | undefined {
  if (!isKnownMessage(letter)) return `${JSON.stringify(letter)} is not a message type`;
  if (size < 4) return `a message ${letter} has the length ${size}`;
  const limit = longLetters.includes(letter) ? longMessageBytes : shortMessageBytes;
  return size > limit ? `a message ${letter} has the length ${size}, more than ${limit}` : undefined;
}
