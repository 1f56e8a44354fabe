import { once } from 'node:events';
import { connect } from 'node:net';
import { ConnectionError, defineSource, type SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { sourceFindings } from '../../findings.ts';

/** A source that waits for an answer. */
function waitingSource(signalOf: (signal: AbortSignal) => AbortSignal): new () => SourceConnector {
  return defineSource({
    package: { name: 'c8-source-waiting', version: '1.0.0' },
    name: 'Waiting',
    description: 'Waits for a server.',
    config: {
      host: { type: 'string', displayName: 'Host', description: 'Name of the server.', isMandatory: true },
      port: { type: 'integer', displayName: 'Port', description: 'Port of the server.', isMandatory: true },
    },
    discover: () => [{ id: 'numbers', schema: { type: 'object', properties: { id: { type: 'integer' } } } }],
    async *read(_stream, { config, signal }) {
      const socket = connect(config);
      try {
        await once(socket, 'data', { signal: signalOf(signal) });
        yield { rows: [] };
      } catch (cause) {
        throw new ConnectionError('nobody answers', { code: 'connection_lost', cause });
      } finally {
        socket.destroy();
      }
    },
  });
}

const config = { host: '127.0.0.1', port: 1 };

test('109 finds nothing in a source that passes its signal on', async () => {
  const connector = waitingSource((signal) => signal);
  expect(await sourceFindings(() => ({}), { connector, config, only: 109 })).toEqual([]);
});

test('109 finds a source that waits for the service after the abort', async () => {
  const connector = waitingSource(() => AbortSignal.timeout(5000));
  expect(await sourceFindings(() => ({}), { connector, config, only: 109 })).toEqual([
    expect.stringMatching(/^109 .*read, aborted while the server says nothing, ends within 3000 ms/s),
  ]);
});
