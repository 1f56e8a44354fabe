import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';

const stdin = 0;
const chunkBytes = 64 * 1024;
/** One chunk is read while another is used. */
const mostFilled = 2;

/**
 * The bytes of stdin. A chunk is valid only until the next one is requested: a pipe is read into the same few arrays, since new memory for each chunk is most of what the garbage collector of a target would
 * have to free.
 */
export function standardInput(): AsyncIterable<Uint8Array> {
  return isPipe() ? readPipe(stdin) : process.stdin;
}

function isPipe(): boolean {
  try {
    // As bigints: after a plain fstat of a pipe, Node 20 takes the symbolic links of the modules that it loads next for files.
    const found = fstatSync(stdin, { bigint: true });
    // Node connects its child processes with sockets.
    return found.isFIFO() || found.isSocket();
  } catch {
    return false;
  }
}

async function* readPipe(fd: number): AsyncGenerator<Uint8Array> {
  const free: Uint8Array[] = [];
  const filled: Buffer[] = [];
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;
  const onread = {
    buffer: () => free.pop() ?? new Uint8Array(chunkBytes),
    callback(length: number, { buffer }: Uint8Array<ArrayBuffer>) {
      filled.push(Buffer.from(buffer, 0, length));
      wake();
      return filled.length < mostFilled;
    },
  };
  // The types have this option only for `connect`.
  const socket = new Socket({ fd, readable: true, writable: false, onread } as object);
  socket.on('error', (error) => {
    failure ??= { error };
    wake();
  });
  socket.on('close', () => {
    isOver = true;
    wake();
  });
  socket.resume();
  try {
    for (;;) {
      const chunk = filled.shift();
      if (chunk !== undefined) {
        yield chunk;
        free.push(new Uint8Array(chunk.buffer));
        socket.resume();
      } else if (failure !== undefined) throw failure.error;
      else if (isOver) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    socket.destroy();
  }
}
