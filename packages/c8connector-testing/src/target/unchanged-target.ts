import { isDeepStrictEqual } from 'node:util';
import { type Check, Finding, shown } from '../check.ts';
import { checkSnapshot, lookAround, unchanged } from '../interface/unchanged.ts';
import { recordMessages, schemaMessage, stateMessage, types } from './cases/target-case.ts';
import { type TargetContext, writeMessages } from './target-context.ts';

/** 23 */
export const unchangedTarget: Check<TargetContext> = {
  ...unchanged,
  async run(context) {
    if (context.snapshot !== undefined) return await checkSnapshot(context);
    const stream = context.streamName('kept');
    const messages = [
      schemaMessage(stream, { id: types.id }),
      ...recordMessages(stream, [{ id: 1 }, { id: 2 }]),
      stateMessage({ bookmarks: { [stream]: { finished: true } } }),
    ];
    const { failure } = await writeMessages(context.connector, await context.config(), messages, context.log);
    if (failure !== undefined) throw failure.error;
    const before = sorted(await context.readBack(stream));
    await lookAround(context);
    const after = sorted(await context.readBack(stream));
    if (!isDeepStrictEqual(after, before))
      throw new Finding(`the rows that were stored before the calls: ${shown(before)}`, shown(after));
  },
};

function sorted(rows: readonly object[]): readonly object[] {
  return rows.toSorted((one, other) => (shown(one) < shown(other) ? -1 : 1));
}
