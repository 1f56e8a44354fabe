/** Receives the bytes of a file, in order and one call at a time: the next call is made when the promise of the last one is fulfilled. */
export type Sink = (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>;

/** A queue of bytes for a sink that may be slow. */
export interface OrderedSink {
  /** Bytes that the sink has not accepted yet. */
  readonly waitingBytes: number;
  /** Bytes that the sink has accepted. */
  readonly takenBytes: number;
  push(bytes: Uint8Array<ArrayBuffer>): void;
  /** Sends nothing more to the sink. A pending call of the sink continues. */
  stop(): void;
}

/** `onTaken` is called with the bytes each time the sink has accepted some; `onError` once, when it fails: nothing more is sent to it then. */
export function createOrderedSink(
  sink: Sink,
  onTaken: (bytes: Uint8Array<ArrayBuffer>) => void,
  onError: (error: unknown) => void,
): OrderedSink {
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
        // Read before the call, since a sink may transfer the bytes.
        const { length } = bytes;
        await sink(bytes);
        waitingBytes -= length;
        takenBytes += length;
        if (!isStopped) onTaken(bytes);
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
