import { isDeepStrictEqual } from 'node:util';
import { type Check, Finding, shown } from '../check.ts';
import { checkSnapshot, lookAround, unchanged } from '../interface/unchanged.ts';
import { countRows } from './recording/tables.ts';
import type { SourceContext } from './source-context.ts';

/** 23 */
export const unchangedSource: Check<SourceContext> = {
  ...unchanged,
  async run(context) {
    if (context.snapshot !== undefined) return await checkSnapshot(context);
    const before = await context.readAgain();
    await lookAround(context);
    const after = await context.readWith(await context.catalog());
    for (const [stream, lines] of before.lines) {
      // A read returns only a part of a long stream, whose size differs each time.
      if (before.capped.has(stream) || after.capped.has(stream)) continue;
      const [held, holds] = [before, after].map(({ lines }) => countRows(lines.get(stream)));
      if (held !== holds)
        throw new Finding(`stream '${stream}': ${held} records, as before the calls`, `${holds} after them`);
      const changed = [...lines].find(([line, count]) => after.lines.get(stream)?.get(line) !== count)?.[0];
      if (changed !== undefined)
        throw new Finding(
          `stream '${stream}': the same records after the calls`,
          `one that is gone or changed: ${changed.slice(0, 200)}`,
        );
    }
    const ids = (await context.makeConnector().discover(await context.config())).streams.map(
      (entry) => entry.tap_stream_id,
    );
    const known = (await context.discovered()).streams.map((entry) => entry.tap_stream_id);
    if (!isDeepStrictEqual(ids, known))
      throw new Finding(`the streams ${shown(known)}, as before the calls`, shown(ids));
  },
};
