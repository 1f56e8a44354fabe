import { type Check, errorText, Finding, shortened } from '../../check.ts';
import { record } from '../recording/recording.ts';
import { missingLine } from '../recording/tables.ts';
import { ampleCap, type SourceContext } from '../source-context.ts';

/** 107 */
export const readsAtOnce: Check<SourceContext> = {
  number: 107,
  title: 'two reads of one connector at the same time each return the same as a single read',
  where: 'what the connector object or its module keeps: cursors, pages and connections belong to one call of read',
  async run(context) {
    const { catalog } = await context.whole();
    const cap = ampleCap(context.recordCap);
    const alone = await context.readWith(catalog, undefined, cap);
    const connector = context.makeConnector();
    const request = { config: await context.config(), catalog, log: context.log };
    const reads = [1, 2].map(async () => {
      try {
        return await record(connector, request, cap);
      } catch (error) {
        throw new Finding('two reads at the same time that come to their ends', errorText(error), { cause: error });
      }
    });
    for (const { lines } of await Promise.all(reads)) {
      const missing = missingLine(alone.lines, lines);
      const more = missingLine(lines, alone.lines);
      if (missing !== undefined || more !== undefined)
        throw new Finding(
          `stream '${(missing ?? more)?.stream}': the rows that one read alone gives`,
          `${missing === undefined ? 'more' : 'missing'} while another read is under way, such as ${shortened((missing ?? more)?.line ?? '')}`,
        );
    }
  },
};
