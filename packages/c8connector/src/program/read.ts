import type { ReadRequest, SourceConnector } from '../interface/connector.ts';
import type { SourceMessage, StateMessage } from '../interface/messages.ts';
import { encodeMessages } from '../singer/encode.ts';
import { selectStreams } from '../singer/selection.ts';
import { statePace } from '../source/state-pace.ts';
import type { Output } from './output.ts';

/** A source's program: its messages as Singer text on stdout. */
export async function readToOutput(
  source: SourceConnector,
  request: Omit<ReadRequest, 'exact'>,
  output: Output,
): Promise<void> {
  if (selectStreams(request.catalog).length === 0) {
    request.log.warn('no stream is selected: set "selected": true in the metadata of the catalog');
    return;
  }
  const messages = source.read({ ...request, exact: 'number' });
  // When write() resolves, the system has the chunk, whose memory may then be reused.
  for await (const chunk of encodeMessages(thinStates(messages), { memory: 'reused' })) await output.write(chunk);
}

/** Drops states that come too soon after the last one. The newest state is always printed at the end, and when the read fails, so that what was read counts. */
async function* thinStates(messages: AsyncIterable<SourceMessage>): AsyncGenerator<SourceMessage> {
  const pace = statePace();
  let held: StateMessage | undefined;

  function* release(): Generator<SourceMessage> {
    if (held !== undefined) yield held;
    held = undefined;
    pace.restart();
  }
  try {
    for await (const message of messages) {
      if (message.type === 'STATE') {
        held = message;
        if (pace.isDue()) yield* release();
        continue;
      }
      // A later state would be better, but there may never be one.
      if (held !== undefined && pace.isDue()) yield* release();
      if (message.type === 'RECORDS') pace.add(message.count);
      yield message;
    }
  } catch (error) {
    yield* release();
    throw error;
  }
  yield* release();
}
