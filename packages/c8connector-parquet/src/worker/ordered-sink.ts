/** Takes the bytes of a file, in order and one call at a time: the next bytes come when the promise of the last ones is fulfilled. */
export type Sink = (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>;

/** Bytes on their way to a sink that may be slow. */
export interface OrderedSink {
  /** Bytes that the sink has not taken yet. */
  readonly waitingBytes: number;
  /** Bytes that the sink has taken. */
  readonly takenBytes: number;
  push(bytes: Uint8Array<ArrayBuffer>): void;
  /** Sends nothing more to the sink. What it is taking just now goes on. */
  stop(): void;
}

/** `onTaken` is called each time the sink has taken bytes; `onError` once, when it fails: nothing more is given to it then. */
export function createOrderedSink(sink: Sink, onTaken: () => void, onError: (error: unknown) => void): OrderedSink {
  const waiting: Uint8Array<ArrayBuffer>[] = [];
  let [waitingBytes, takenBytes] = [0, 0];
  let [isTaking, isStopped] = [false, false];
  const stop = () => {
    isStopped = true;
    waiting.length = 0;
  };
  const drain = async () => {
    isTaking = true;
    try {
      for (let bytes = waiting.shift(); bytes !== undefined; bytes = waiting.shift()) {
        // A sink may transfer what it is given.
        const { length } = bytes;
        await sink(bytes);
        waitingBytes -= length;
        takenBytes += length;
        if (!isStopped) onTaken();
      }
    } catch (error) {
      const isLate = isStopped;
      stop();
      if (!isLate) onError(error);
    } finally {
      isTaking = false;
    }
  };
  return {
    get waitingBytes() {
      return waitingBytes;
    },
    get takenBytes() {
      return takenBytes;
    },
    push(bytes) {
      if (isStopped) return;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (!isTaking) void drain();
    },
    stop,
  };
}
