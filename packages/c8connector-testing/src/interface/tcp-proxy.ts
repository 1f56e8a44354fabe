import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** One connection ends after this many bytes of all answers; later connections work. */
interface Cut {
  readonly after: number;
  readonly end: 'closed' | 'reset';
}

/** A fault in the answers of a service. */
export type TcpFault =
  | Cut
  /** All bytes arrive, in about this many pieces. */
  | { readonly pieces: number; readonly of: number };

/** A proxy that forwards the bytes of each connection to a service, whatever the protocol. */
export interface TcpProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** How many bytes the service has answered. */
  answered(): number;
  /** The first bytes of the first client as text; '' while there are none. */
  firstWords(): string;
}

const host = '127.0.0.1';
/** Where connections are cut, as fractions of all bytes that the service answers. */
const parts = [0, 0.1, 0.5, 0.9];

/** The cuts to try when a service answers this many bytes: before the first byte, in the middle, and before the last one. */
export function cutsOf(bytes: number): readonly Cut[] {
  const places = new Set([...parts.map((part) => Math.floor(part * bytes)), bytes - 1]);
  return [...places].flatMap((after) => (['closed', 'reset'] as const).map((end) => ({ after, end })));
}

/** Whether the first client of a proxy used HTTP. */
export function speaksHttp(proxy: TcpProxy): boolean {
  return /^[A-Z]+ \S+ HTTP\/1/.test(proxy.firstWords());
}
const pause = 1;

/** Starts a proxy in front of a service, with one fault. */
export async function tcpProxy(
  service: { readonly host: string; readonly port: number },
  fault?: TcpFault,
): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let answered = 0;
  let firstWords = '';
  let isCut = false;
  /** Forwards bytes, and returns whether the connection continues. */
  const pass = async (chunk: Buffer, client: Socket): Promise<boolean> => {
    const before = answered;
    answered += chunk.length;
    if (fault === undefined) return await send(client, chunk);
    if ('pieces' in fault) return await sendInPieces(client, chunk, Math.max(1, Math.ceil(fault.of / fault.pieces)));
    if (isCut || answered <= fault.after) return await send(client, chunk);
    isCut = true;
    await send(client, chunk.subarray(0, fault.after - before));
    if (fault.end === 'reset') client.resetAndDestroy();
    else client.end();
    return false;
  };
  const server = createServer((client) => {
    const upstream = connect({ host: service.host, port: service.port });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    }
    client.once('data', (chunk) => {
      firstWords ||= chunk.toString('latin1');
    });
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    relay(upstream, (chunk) => pass(chunk, client)).finally(() => client.end());
  });
  const port = await listening(server);
  return {
    ...{ host, port, answered: () => answered, firstWords: () => firstWords },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function relay(upstream: Socket, pass: (chunk: Buffer) => Promise<boolean>): Promise<void> {
  try {
    for await (const chunk of upstream) if (!(await pass(chunk))) break;
  } catch {
    // The service has ended the connection, and so does the proxy.
  }
  upstream.destroy();
}

async function sendInPieces(client: Socket, chunk: Buffer, size: number): Promise<boolean> {
  for (let start = 0; start < chunk.length; start += size) {
    if (!(await send(client, chunk.subarray(start, start + size)))) return false;
    await setTimeout(pause);
  }
  return true;
}

/** Resolves when there is room for more; with false when the client has disconnected. */
async function send(client: Socket, chunk: Buffer): Promise<boolean> {
  if (client.destroyed) return false;
  if (client.write(chunk)) return true;
  await new Promise<void>((resolve) => {
    client.once('drain', resolve);
    client.once('close', () => resolve());
  });
  return !client.destroyed;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
