import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { untilAborted } from '../deadline.ts';
import { findAction } from '../integration/action.ts';
import { actionTarget } from '../integration/action-target.ts';
import type { Template } from '../integration/template.ts';
import type { IntegrationConnector } from '../interface/connector.ts';
import { isC8Error, ProtocolError } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Value } from '../interface/value.ts';
import { textOf } from '../jsonl/byte-buffer.ts';
import { parseValue, stringifyValue } from '../jsonl/values.ts';
import type { Stop } from '../run/stop.ts';
import { lineSplitter } from '../singer/split-lines.ts';
import type { Output } from './output.ts';
import { writeFromInput } from './write.ts';

export interface ActRequest {
  readonly config: unknown;
  /** For Singer input: what to send for each row; the row itself when left out. */
  readonly input?: Template;
  /** For Singer input: the file that results are appended to. */
  readonly results: string | undefined;
  readonly lines: AsyncIterable<Uint8Array>;
  readonly stop: Stop;
  readonly log: Log;
  /** Masks the texts of an error: a service may repeat a secret in them. */
  mask(text: string): string;
}

/** Codes of errors that concern one line only. */
const badLine = ['input_invalid', 'line_invalid'];
const singerTypes = ['SCHEMA', 'RECORD', 'STATE', 'ACTIVATE_VERSION', 'BATCH'];

/**
 * An integration's program: JSON lines in, one result per line out. When the first line is a Singer message, it is a target instead: rows become calls, and state lines are printed.
 * A bad or refused input is reported in its result, and the other lines are still done; the first such error is thrown at the end.
 */
export async function actOnInput(
  integration: IntegrationConnector,
  action: string,
  request: ActRequest,
  output: Output,
): Promise<void> {
  findAction(integration, action);
  const { first, whole } = await peek(request.lines, request.stop.graceful);
  if (first === undefined) return;
  if (!isSinger(first)) {
    await callForLines(integration, action, { ...request, lines: untilAborted(whole, request.stop.graceful) }, output);
    return;
  }
  let results: FileHandle | undefined;
  try {
    results = request.results === undefined ? undefined : await open(request.results, 'a', 0o600);
    const onResult = async (entry: object, result: unknown): Promise<void> => {
      await results?.write(`${stringifyValue({ ...entry, output: result } as Value)}\n`);
    };
    const target = actionTarget(integration, action, request.input, { onResult });
    await writeFromInput(target, { ...request, input: whole }, output);
  } finally {
    await results?.close();
  }
}

async function callForLines(
  integration: IntegrationConnector,
  action: string,
  { config, lines, stop, log, mask }: ActRequest,
  output: Output,
): Promise<void> {
  let failure: unknown;
  let line = 0;
  const texts = createInterface({ input: Readable.from(lines), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const text of texts) {
    line += 1;
    if (stop.graceful.aborted) return;
    if (text.trim() === '') continue;
    try {
      const result = await integration.call(action, config, parseLine(text, line), { signal: stop.forced, log });
      await output.write(`${stringifyValue({ line, ok: true, output: result } as Value)}\n`);
    } catch (error) {
      if (!isC8Error(error)) throw error;
      const { code, message } = error;
      await output.write(`${stringifyValue({ line, ok: false, error: { code, message: mask(message) } })}\n`);
      if (error.name !== 'DataError' && !badLine.includes(error.code)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

function parseLine(text: string, line: number): Value {
  try {
    return parseValue(text);
  } catch (error) {
    throw new ProtocolError(`line ${line}: not JSON`, { code: 'line_invalid', cause: error, details: { line } });
  }
}

function isSinger(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value && singerTypes.includes(String(value.type));
  } catch {
    return false;
  }
}

/** The first line that is not blank, and the whole input including it. */
async function peek(
  input: AsyncIterable<Uint8Array>,
  stop: AbortSignal,
): Promise<{ first: string | undefined; whole: AsyncIterable<Uint8Array> }> {
  const iterator = input[Symbol.asyncIterator]();
  const rest = { [Symbol.asyncIterator]: () => iterator };
  const held: Uint8Array[] = [];
  const splitter = lineSplitter();
  let first: string | undefined;
  for await (const chunk of untilAborted(rest, stop)) {
    held.push(chunk);
    first = firstOf(splitter.push(chunk));
    if (first !== undefined) break;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* held;
    yield* rest;
  }
  return { first: first ?? firstOf([splitter.end()]), whole: whole() };
}

/** The first line of blocks of whole lines that is not blank. */
function firstOf(blocks: readonly Uint8Array[]): string | undefined {
  return blocks.flatMap((block) => textOf(block, 0, block.length).split('\n')).find((line) => line.trim() !== '');
}
