import type { Page } from 'c8connector';
import type { RowEncoder } from './row-encoder.ts';

/** Rows that arrive from a server and go into an encoder. */
export interface Arriving {
  /** Takes what has come since the last call: `idle` when that was nothing, `over` after the last row. */
  take(): 'busy' | 'idle' | 'over';
  /** Waits until there may be something to take, for at most this many milliseconds. */
  wait(milliseconds: number): Promise<void>;
  /** Called after the last row. Rejects if the rows are not all that the server sent. */
  end(): Promise<void>;
}

/** Milliseconds after which rows are passed on even if the page is not full. */
const pageAge = 1000;

/** The pages before the end of a query, when they are full or old. The rows after the last full page are left in the encoder. */
export async function* readPages(arriving: Arriving, encoder: RowEncoder<Page>): AsyncGenerator<Page> {
  let handedOnAt = performance.now();
  for (;;) {
    const state = arriving.take();
    for (let page = encoder.nextPage(); page !== undefined; page = encoder.nextPage()) {
      yield page;
      handedOnAt = performance.now();
    }
    if (state === 'over') {
      await arriving.end();
      return;
    }
    const age = performance.now() - handedOnAt;
    if (age >= pageAge) {
      const page = encoder.rest();
      if (page !== undefined) yield page;
      handedOnAt = performance.now();
    } else if (state === 'idle') await arriving.wait(pageAge - age);
  }
}
