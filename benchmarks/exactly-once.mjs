import { fileURLToPath } from 'node:url';
import { atMost, inTurn, ratio, table } from './measure.mjs';

const once = 'exactly once';
const atLeastOnce = 'at least once';

/** What manifests and recovery cost: the same run with our target, and with one that only puts the objects. */
export async function benchExactlyOnce({ rounds, title, sync }) {
  const connector = fileURLToPath(new URL('at-least-once-target.mjs', import.meta.url));
  for (const flush_rows of [undefined, 100_000]) {
    const settings = flush_rows === undefined ? {} : { flush_rows };
    const flushes = flush_rows === undefined ? '' : `, a flush every ${flush_rows} rows`;
    console.log(`\nExactly once in S3, ${title}${flushes}, medians of ${rounds}`);
    const figures = await inTurn(rounds, {
      [atLeastOnce]: () => sync({ connector, settings }),
      [once]: () => sync({ connector: 'c8-target-s3', settings }),
    });
    table(figures);
    atMost('ratio of elapsed times', ratio(figures, once, atLeastOnce), 1.03);
    console.log(`  ratio of CPU: ${ratio(figures, once, atLeastOnce, (run) => run.user + run.system).text}`);
  }
}
