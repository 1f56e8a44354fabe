import { once } from 'node:events';
import { connect } from 'node:net';
import type { TargetConnector } from 'c8connector';
import { ConnectionError, defineTarget } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';

/** A target that waits for an answer to what it sends. What does not listen to the abort says so by its time-out. */
function waitingTarget(signalOf: (signal: AbortSignal) => AbortSignal, isPatient = true): new () => TargetConnector {
  return defineTarget({
    package: { name: 'c8-target-waiting', version: '1.0.0' },
    name: 'Waiting',
    description: 'Sends rows to a server, and waits for its answer.',
    config: {
      host: { type: 'string', displayName: 'Host', description: 'Name of the server.', isMandatory: true },
      port: { type: 'integer', displayName: 'Port', description: 'Port of the server.', isMandatory: true },
    },
    *check() {
      yield { id: 'config', label: 'Config', run: () => 'given' };
    },
    async *write(messages, { config: { host, port }, signal }) {
      for await (const message of messages) {
        if (message.type === 'FLUSH') yield message.state;
        if (message.type !== 'RECORDS') continue;
        const socket = connect({ host, port });
        try {
          socket.write(message.lines());
          if (isPatient) await once(socket, 'data', { signal: signalOf(signal) });
          else await once(socket, 'connect');
        } catch (cause) {
          throw new ConnectionError('nobody answers', { code: 'connection_lost', cause });
        } finally {
          if (isPatient) socket.destroy();
          else signal.addEventListener('abort', () => socket.destroy(), { once: true });
        }
      }
    },
  });
}

const config = { host: '127.0.0.1', port: 1 };

test('106 finds nothing in a target that passes its signal on', async () => {
  const connector = waitingTarget((signal) => signal);
  expect(await targetFindings(() => ({}), { connector, config, only: 106 })).toEqual([]);
});

test('106 finds a target that waits for the service after the abort', async () => {
  const connector = waitingTarget(() => AbortSignal.timeout(5000));
  expect(await targetFindings(() => ({}), { connector, config, only: 106 })).toEqual([
    expect.stringMatching(/^106 .*write, aborted while the server says nothing, ends within 3000 ms/s),
  ]);
});

test('106 finds a target that counts rows as stored once they are sent', async () => {
  const connector = waitingTarget((signal) => signal, false);
  expect(await targetFindings(() => ({}), { connector, config, only: 106 })).toEqual([
    expect.stringMatching(/^106 .*no state yielded while the service has said nothing/s),
  ]);
});
