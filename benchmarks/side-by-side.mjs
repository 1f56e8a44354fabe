import { atMost, inTurn, ratio, table } from './measure.mjs';
import { startSlowProxy } from './slow-proxy.mjs';

/** Milliseconds by which the proxy delays each byte, so that a round trip takes 20 ms longer. */
const latency = 10;
/** Bytes a second of one connection. */
const bandwidth = 16e6;

const one = 'concurrency 1';
const two = 'concurrency 2';

/** Two tables in parallel against one after the other, with and without a slow network. */
export async function benchSideBySide({ rounds, config, server, tables, sync }) {
  const streams = tables.map((name) => `public-${name}`);
  const bench = async (where, port, limit) => {
    console.log(`\nTwo tables of 0.6M rows, ${where}, medians of ${rounds}`);
    const figures = await inTurn(rounds, {
      [one]: () => sync({ ...config, port }, streams, 1),
      [two]: () => sync({ ...config, port }, streams, 2),
    });
    table(figures);
    atMost('ratio of the walls', ratio(figures, two, one), limit);
    atMost(
      'ratio of the peaks of memory',
      ratio(figures, two, one, (run) => run.peak),
      2,
    );
  };
  const proxy = await startSlowProxy(server, { latency, bandwidth });
  try {
    await bench(`${2 * latency} ms and ${bandwidth / 1e6} MB/s a connection`, proxy.port, 0.6);
  } finally {
    proxy.stop();
  }
  await bench('on the same machine', server.port, 1.05);
}
