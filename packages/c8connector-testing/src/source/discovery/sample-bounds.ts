import type { Value } from 'c8connector';
import { stringifyValue } from 'c8connector';
import { type Check, Finding } from '../../check.ts';
import { countRows } from '../recording/tables.ts';
import type { SourceContext } from '../source-context.ts';

/** Ten rows of a few values of 1 MB each. */
const mostBytes = 32_000_000;

/** 31 */
export const boundedSamples: Check<SourceContext> = {
  number: 31,
  title: 'samples have a bounded size, remove nothing from the service, and contain only the requested streams',
  where: 'samples, and what read does with limit; a sample must not take rows out of a queue',
  async run({ connector, makeConnector, config, log, read, sampled }) {
    const first = await sampled();
    for (const { schema, data } of first) {
      const bytes = Buffer.byteLength(stringifyValue(data as readonly Value[]));
      if (bytes > mostBytes)
        throw new Finding(`a sample of '${schema.name}' of at most ${mostBytes} bytes`, `${bytes} bytes`);
    }
    for (const again of [
      await connector.samples(await config(), { log }),
      await makeConnector().samples(await config(), { log }),
    ]) {
      for (const { schema, data } of first) {
        const rows = again.find((sample) => sample.schema.name === schema.name)?.data.length;
        if (rows !== data.length)
          throw new Finding(`${data.length} rows of '${schema.name}' in every sample`, `${rows ?? 'none of it'} later`);
      }
    }
    const { lines } = await read();
    for (const { schema, data } of first) {
      const counts = lines.get(schema.name);
      if (counts === undefined) continue;
      const rows = countRows(counts);
      if (rows < data.length)
        throw new Finding(`'${schema.name}' read after its samples: at least their ${data.length} rows`, `${rows}`);
    }
    const [wanted] = first;
    if (wanted === undefined) return;
    const streams = [wanted.schema.name];
    for (const [what, names] of [
      ['samples', (await connector.samples(await config(), { log, streams })).map(({ schema }) => schema.name)],
      ['schemas', (await connector.schemas(await config(), { log, streams })).map(({ name }) => name)],
    ] as const) {
      if (names.length !== 1 || names[0] !== wanted.schema.name)
        throw new Finding(
          `${what} of '${wanted.schema.name}' alone, when streams names only that`,
          names.join(', ') || 'none',
        );
    }
  },
};
