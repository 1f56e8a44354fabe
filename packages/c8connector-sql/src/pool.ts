/** A connection of a pool that one reader uses, in its own transaction. Disposing closes it immediately, unless it was given back. */
export type Lent<C extends AsyncDisposable> = C & {
  /** Ends the transaction, and returns the connection to the pool. Call it once, when every query has succeeded; after a failure, dispose of the connection instead. */
  giveBack(): Promise<void>;
};

/** The connections of one run, so that reading one table after another needs only one login. Disposing closes those that are not lent. */
export interface Pool<C extends AsyncDisposable, I> extends AsyncDisposable {
  /**
   * Lends a connection that was given back, or a new one, in a new transaction. When `signal` is aborted, the connection breaks and pending work rejects. Rejects with errors that are already translated.
   */
  lend(signal: AbortSignal, isolation: I): Promise<Lent<C>>;
}

/** What a pool needs of a database. */
export interface PoolDriver<C extends AsyncDisposable, I> {
  /** Logs in. The connection breaks when `signal` is aborted. Disposing of it closes it immediately. */
  connect(signal: AbortSignal): Promise<C>;
  /** Begins a transaction. Its `end` resolves once another one can begin on the connection, and rejects when the connection is unusable. */
  begin(connection: C, isolation: I, signal: AbortSignal): Promise<C & { end(): Promise<void> }>;
  translate(error: unknown): Error;
}

/** An empty pool. */
export function lendingPool<C extends AsyncDisposable, I>(driver: PoolDriver<C, I>): Pool<C, I> {
  const idle: C[] = [];
  let isClosed = false;

  async function begin(connection: C, signal: AbortSignal, isolation: I): Promise<Lent<C>> {
    const close = () => void connection[Symbol.asyncDispose]();
    signal.addEventListener('abort', close, { once: true });
    try {
      signal.throwIfAborted();
      return lentOf(connection, await driver.begin(connection, isolation, signal), signal, close);
    } catch (error) {
      signal.removeEventListener('abort', close);
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  function lentOf(
    connection: C,
    transaction: C & { end(): Promise<void> },
    signal: AbortSignal,
    close: () => void,
  ): Lent<C> {
    let isLent = true;
    return {
      ...transaction,
      async giveBack() {
        // The read is complete by now, so a connection that breaks here is not its error.
        const hasEnded = await transaction.end().then(
          () => true,
          () => false,
        );
        signal.removeEventListener('abort', close);
        if (!hasEnded || signal.aborted || isClosed) return;
        isLent = false;
        idle.push(connection);
      },
      async [Symbol.asyncDispose]() {
        signal.removeEventListener('abort', close);
        if (isLent) await transaction[Symbol.asyncDispose]();
      },
    };
  }

  return {
    async lend(signal, isolation) {
      signal.throwIfAborted();
      for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
        // The server or a firewall may have ended an idle connection: it is replaced by a new one.
        const lent = await begin(connection, signal, isolation).catch(() => undefined);
        if (lent !== undefined) return lent;
      }
      try {
        return await begin(await connectBeyond(driver, signal), signal, isolation);
      } catch (error) {
        throw driver.translate(error);
      }
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await Promise.all(idle.splice(0).map((connection) => connection[Symbol.asyncDispose]()));
    },
  };
}

/** Connects unless the signal aborts; the connection outlives the signal. */
async function connectBeyond<C extends AsyncDisposable>(
  { connect }: Pick<PoolDriver<C, unknown>, 'connect'>,
  signal: AbortSignal,
): Promise<C> {
  const login = new AbortController();
  const giveUp = () => login.abort();
  signal.throwIfAborted();
  signal.addEventListener('abort', giveUp);
  try {
    return await connect(login.signal);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
