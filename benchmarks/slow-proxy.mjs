import { createServer, Socket } from 'node:net';

/** Bytes in flight per connection: more than bandwidth and latency need. */
const window = 4 * 1024 * 1024;

/**
 * A proxy that makes each connection as slow as one to another site: every byte takes `latency` milliseconds in each direction, and those of the server come at `bandwidth` bytes per
 * second. Connections do not share the bandwidth.
 */
export async function startSlowProxy({ host, port }, { latency, bandwidth }) {
  const sockets = new Set();
  const proxy = createServer({ noDelay: true }, (client) => {
    const server = new Socket().setNoDelay(true).connect(port, host);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    delay(client, server, { latency, bandwidth: Number.POSITIVE_INFINITY });
    delay(server, client, { latency, bandwidth });
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: proxy.address().port,
    stop() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}

/** Forwards bytes from one socket to the other, each at its time and in order. */
function delay(from, to, { latency, bandwidth }) {
  const waiting = [];
  let held = 0;
  /** When the line is free for the next byte. */
  let freeAt = 0;
  const arrive = (pass) => {
    waiting.push(pass);
    // Timers of different lengths may fire in another order: whichever fires forwards what came first.
    setTimeout(() => waiting.shift()(), freeAt + latency - performance.now());
  };
  from.on('data', (chunk) => {
    freeAt = Math.max(freeAt, performance.now()) + (chunk.length / bandwidth) * 1000;
    held += chunk.length;
    if (held > window) from.pause();
    const taken = () => {
      held -= chunk.length;
      if (held <= window) from.resume();
    };
    arrive(() => to.write(chunk, taken));
  });
  from.on('end', () => arrive(() => to.end()));
  from.on('close', () => arrive(() => to.destroy()));
}
