// Takes about 15 s.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { flush, records, schemaOf, statesOf, targetOpener } from './harness.ts';

const openTarget = targetOpener();

const schema = schemaOf('s', {
  id: { type: 'integer' },
  note: { type: 'string' },
  day: { type: 'string', format: 'date' },
});
const lineOf = (id: number) =>
  `{"id":${id},"note":"${id % 7919} of the courts sleep above ${id * 31}","day":"2024-02-29"}`;

/** This many batches of 1 MB, flushed after every 50. */
function* messages(batches: number): Generator<TargetMessage> {
  yield schema;
  const lines = Array.from({ length: 12_500 }, (_, index) => lineOf(index));
  for (let batch = 1; batch <= batches; batch++) {
    // Each batch is new, since its columns are transferred to a thread.
    yield records(schema, lines);
    if (batch % 50 === 0 || batch === batches) yield flush(batch);
  }
}

/** Peak memory in MB. */
async function peakOf(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  let peak = 0;
  const ended = work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    peak = Math.max(peak, process.memoryUsage.rss());
    await Promise.race([ended, sleep(20)]);
  }
  return peak / 1_000_000;
}

describe.each(['jsonl', 'parquet'])('Memory with %s', (format) => {
  it('is the same for 200 MB as for 50 MB', { timeout: 60_000 }, async () => {
    using target = openTarget({ format });
    await statesOf(target.config, messages(50));
    const small = await peakOf(statesOf(target.config, messages(50)));
    const large = await peakOf(statesOf(target.config, messages(200)));
    expect(large - small).toBeLessThan(120);
  });
});
