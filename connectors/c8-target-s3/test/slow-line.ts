import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A slow connection to the server at `endpoint`. */
export interface SlowLine extends Disposable {
  readonly endpoint: string;
}

/** Passes on this many bytes per second, and none after `stallAt` bytes. */
export async function openSlowLine(
  endpoint: string,
  rate: number,
  stallAt = Number.POSITIVE_INFINITY,
): Promise<SlowLine> {
  const { port, protocol } = new URL(endpoint);
  const sockets: Socket[] = [];
  let carried = 0;
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), '127.0.0.1');
    sockets.push(incoming, outgoing);
    for (const socket of [incoming, outgoing]) socket.on('error', () => undefined);
    outgoing.pipe(incoming);
    void (async () => {
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        carried += chunk.length;
        // Leaving the loop would close the connection.
        if (carried >= stallAt) await new Promise(() => undefined);
        await sleep((chunk.length / rate) * 1_000);
        outgoing.write(chunk);
      }
    })().catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return {
    endpoint: `${protocol}//127.0.0.1:${address.port}`,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
