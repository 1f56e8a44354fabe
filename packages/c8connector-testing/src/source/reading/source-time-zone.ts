import { type Check, Finding, shortened } from '../../check.ts';
import { inTimeZone, sameEverywhere, timeZones } from '../../interface/time-zone.ts';
import { missingLine } from '../recording/tables.ts';
import { ampleCap, type SourceContext } from '../source-context.ts';

/** 108 */
export const sourceTimeZone: Check<SourceContext> = {
  ...sameEverywhere,
  async run(context) {
    const { catalog } = await context.whole();
    const cap = ampleCap(context.recordCap);
    const [first, ...others] = timeZones;
    const { lines } = await inTimeZone(first, () => context.readWith(catalog, undefined, cap));
    for (const zone of others) {
      const there = await inTimeZone(zone, () => context.readWith(catalog, undefined, cap));
      const changed = missingLine(there.lines, lines);
      if (changed !== undefined)
        throw new Finding(
          `stream '${changed.stream}': the same rows on a machine in ${zone} as in ${first}`,
          `${changed.count} of ${changed.of} are others, such as ${shortened(changed.line)}`,
        );
    }
  },
};
