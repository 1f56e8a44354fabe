import type { TargetConnector, WriteRequest } from '../interface/connector.ts';
import { ConnectorError } from '../interface/errors.ts';
import type { TargetMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';

/** One FLUSH that the target acknowledged. */
export interface Acknowledgement {
  readonly state: State | undefined;
  /** Whether the rows before it end exactly at its state. For a target with `recover` nothing else is durable progress. */
  readonly isCheckpoint: boolean;
  /** Rows by stream that became durable with it. */
  readonly rows: ReadonlyMap<string, number>;
}

/**
 * Runs a target's `write` and checks that it follows its contract: each FLUSH's state is yielded, unchanged and in order, and `write` ends only after all messages were
 * consumed and the last FLUSH was acknowledged. Anything else is a ConnectorError `contract_broken`.
 */
export async function* writeAcknowledged(
  target: TargetConnector,
  messages: AsyncIterable<TargetMessage>,
  request: WriteRequest,
): AsyncGenerator<Acknowledgement> {
  const open: Acknowledgement[] = [];
  let isExhausted = false;

  async function* observed(): AsyncGenerator<TargetMessage> {
    let rows = new Map<string, number>();
    for await (const message of messages) {
      if (message.type === 'RECORDS') rows.set(message.stream, (rows.get(message.stream) ?? 0) + message.count);
      if (message.type === 'FLUSH') {
        open.push({ state: message.state, isCheckpoint: message.isCheckpoint, rows });
        rows = new Map();
      }
      yield message;
    }
    isExhausted = true;
  }

  for await (const state of target.write(observed(), request)) {
    const expected = open.shift();
    if (expected === undefined) throw broken(target, 'acknowledged a FLUSH that it was not asked for');
    if (state !== expected.state) throw broken(target, 'yielded another state than that of the next FLUSH');
    yield expected;
  }
  if (open.length > 0) throw broken(target, 'ended without yielding the state of the last FLUSH');
  if (!isExhausted) throw broken(target, 'ended before it had taken all messages');
}

function broken(target: TargetConnector, what: string): ConnectorError {
  return new ConnectorError(`${target.packageName}: write() ${what}`, { code: 'contract_broken' });
}
