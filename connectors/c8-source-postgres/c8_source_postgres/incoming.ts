import { type OnReadOpts, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Bytes that are taken before pg sees them. */
export interface Diversion {
  /** Gives the memory of a chunk back, to be read into again. */
  release(chunk: Uint8Array): void;
  /** Lets pg have what comes next. */
  end(): void;
}

/** What comes in on a connection. */
export interface Incoming {
  /** Passes what comes in to `take` in place of the parser of pg. A chunk stays as it is until it is released. */
  divert(take: (chunk: Uint8Array) => void): Diversion;
}

type DataListener = (chunk: Buffer) => void;

/** Bytes of one read. */
const chunkBytes = 64 * 1024;

/** What comes on any stream, with new memory for each chunk. Call `divert` when the stream is that of the connection, as it is not before TLS. */
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
 * A socket that reads into the same few buffers again and again while it is diverted. With new memory for each chunk, as streams have it, the garbage collector would go through the whole heap each
 * time that some ten megabytes have come.
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
        // Who listens may keep what it gets.
        socket.emit('data', Buffer.from(chunk));
        free.push(buffer);
      }
      return true;
    },
  };
  // The types know the option for `connect` only.
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
