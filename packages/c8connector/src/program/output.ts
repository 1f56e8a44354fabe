import { ConnectionError, ProtocolError } from '../interface/errors.ts';

/** A stdout with back-pressure, whose writes fail with errors of our own. */
export interface Output {
  /** Resolves when the system has accepted the bytes. Throws a ProtocolError `output_closed`, or a ConnectionError `disk_full`. */
  write(chunk: Uint8Array | string): Promise<void>;
}

/** What {@link createOutput} needs of a stream such as stdout. */
export interface ByteStream {
  on(event: 'error', listener: (error: Error) => void): unknown;
  write(chunk: Uint8Array | string, done: (error?: Error | null) => void): unknown;
}

/** Writes to a stream such as stdout, waiting while its reader is slow. When the reader has closed it, the next write fails. */
export function createOutput(stream: ByteStream): Output {
  let failure: unknown;
  stream.on('error', (error) => {
    failure ??= translated(error);
  });
  return {
    async write(chunk) {
      if (failure !== undefined) throw failure;
      await new Promise<void>((resolve, reject) => {
        stream.write(chunk, (error) => (error ? reject(translated(error)) : resolve()));
      });
    },
  };
}

function translated(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') {
    return new ProtocolError('stdout was closed by its reader', { code: 'output_closed', cause: error });
  }
  if (code === 'ENOSPC')
    return new ConnectionError('stdout cannot be written: no space left', { code: 'disk_full', cause: error });
  return error;
}
