import type { SourceMessage } from '../../src/interface/messages.ts';
import { type DecodeOptions, decodeMessages } from '../../src/singer/decode.ts';
import { recordedLog } from './recorded-log.ts';

/** What came of an input: its messages, the warnings, and the error that ended it. */
export interface Decoded {
  readonly messages: readonly SourceMessage[];
  readonly warnings: readonly string[];
  readonly error: Readonly<Record<string, unknown>> | undefined;
}

/** Decodes an input to its end or its error, in chunks as a pipe gives them. */
export async function decoded(
  input: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: Partial<DecodeOptions> = {},
): Promise<Decoded> {
  const log = recordedLog();
  const messages: SourceMessage[] = [];
  try {
    const chunks = typeof input === 'string' || input instanceof Uint8Array ? chunksOf(Buffer.from(input)) : input;
    for await (const message of decodeMessages(chunks, { exact: 'number', log, ...options })) messages.push(message);
  } catch (error) {
    return { messages, warnings: log.warnings, error: error as Readonly<Record<string, unknown>> };
  }
  return { messages, warnings: log.warnings, error: undefined };
}

/** The rows of all batches as they stand in lines. */
export function linesIn({ messages }: Decoded): readonly string[] {
  return messages.flatMap((message) =>
    message.type === 'RECORDS' ? Buffer.from(message.lines()).toString().trimEnd().split('\n') : [],
  );
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1 << 16) yield bytes.subarray(at, at + (1 << 16));
}
