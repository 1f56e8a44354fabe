import { type OnReadOpts, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A diversion of incoming bytes, which pg does not see. */
export interface Diversion {
  /** Releases the memory of a chunk, so that it can be reused. */
  release(chunk: Uint8Array): void;
  /** Ends the diversion: pg receives the next bytes. */
  end(): void;
}

/** The incoming bytes of a connection. */
export interface Incoming {
  /** Passes incoming bytes to `take` instead of the parser of pg. A chunk is valid until it is released. */
  divert(take: (chunk: Uint8Array) => void): Diversion;
}

type DataListener = (chunk: Buffer) => void;

/** The most bytes of one read. */
const chunkBytes = 64 * 1024;

/** The incoming bytes of any stream, with new memory for each chunk. Call `divert` only once the connection has its final stream, which is after the TLS handshake. */
export function incomingOf(streamOf: () => Duplex): Incoming {
  return {
    divert(take) {
      const stream = streamOf();
      const listeners = stream.listeners('data') as DataListener[];
      for (const listener of listeners) stream.removeListener('data', listener);
      stream.on('data', take);
      return {
        release: () => undefined,
        end() {
          stream.removeListener('data', take);
          for (const listener of listeners) stream.on('data', listener);
        },
      };
    },
  };
}

/**
 * A socket that reads into the same few buffers while it is diverted. Ordinary streams use new memory for each chunk, and the garbage collector would then scan the whole heap after every
 * ten megabytes or so.
 */
export function reusingSocket(): { readonly socket: Socket; readonly incoming: Incoming } {
  const free: Uint8Array[] = [];
  let take: ((chunk: Uint8Array) => void) | undefined;
  const onread: OnReadOpts = {
    buffer: () => free.pop() ?? new Uint8Array(chunkBytes),
    callback(length, buffer) {
      const chunk = buffer.subarray(0, length);
      if (take !== undefined) take(chunk);
      else {
        // Listeners may keep the chunk.
        socket.emit('data', Buffer.from(chunk));
        free.push(buffer);
      }
      return true;
    },
  };
  // The types have this option only for `connect`.
  const socket = new Socket({ onread } as object);
  const incoming: Incoming = {
    divert(taker) {
      take = taker;
      return {
        release: ({ buffer }) => void free.push(new Uint8Array(buffer as ArrayBuffer)),
        end() {
          take = undefined;
        },
      };
    },
  };
  return { socket, incoming };
}
