import type { Catalog } from '../interface/catalog.ts';
import type { SourceConnector } from '../interface/connector.ts';
import type { Log } from '../interface/log.ts';
import type { SourceMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';
import { encodeMessages } from '../singer/encode.ts';
import { selectStreams } from '../singer/selection.ts';
import type { Output } from './output.ts';

/** A state is printed at the first page border after so many rows, or so many milliseconds. */
const stateRows = 10_000;
const stateMilliseconds = 10_000;

/** A source's program: its messages as Singer text on stdout. */
export async function readToOutput(
  source: SourceConnector,
  request: {
    readonly integration: unknown;
    readonly catalog: Catalog;
    readonly state?: State;
    readonly signal: AbortSignal;
    readonly log: Log;
  },
  output: Output,
): Promise<void> {
  if (selectStreams(request.catalog).length === 0) {
    request.log.warn('no stream is selected: set "selected": true in the metadata of the catalog');
    return;
  }
  const messages = source.read({ ...request, exact: 'number' });
  // A chunk was handed to the system when write() resolves.
  for await (const chunk of encodeMessages(thinStates(messages), { memory: 'reused' })) await output.write(chunk);
}

/** Leaves out the states between two that are worth printing. The last one before any other message but records, and the very last, always stay. */
async function* thinStates(messages: AsyncIterable<SourceMessage>): AsyncGenerator<SourceMessage> {
  let held: SourceMessage | undefined;
  let rows = 0;
  let printedAt = Date.now();
  for await (const message of messages) {
    if (message.type === 'STATE') {
      held = message;
      if (rows < stateRows && Date.now() - printedAt < stateMilliseconds) continue;
    } else if (message.type === 'RECORDS') {
      rows += message.count;
      yield message;
      continue;
    }
    if (held !== undefined) yield held;
    if (message.type !== 'STATE') yield message;
    held = undefined;
    rows = 0;
    printedAt = Date.now();
  }
  if (held !== undefined) yield held;
}
