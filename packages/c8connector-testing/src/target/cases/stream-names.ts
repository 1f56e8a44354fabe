import type { Row } from 'c8connector';
import { isC8Error } from 'c8connector';
import { Finding, shown } from '../../check.ts';
import { difference } from '../../values/same-rows.ts';
import { type TargetContext, type Written, writeMessages } from '../target-context.ts';
import { lastState, recordMessages, schemaMessage, stateMessage, types } from './target-case.ts';

/** Part of 67: streams with long names, and with names that differ only in characters that a storage may not support. */
export async function checkStreamNames(context: TargetContext): Promise<void> {
  const name = context.streamName('names');
  const odd = ['/', '_', ' ', '%2F', '.', '..', '\\', ':', '"', "'", '`', 'ü', '日本😀'].map(
    (sign) => `${name}${sign}x`,
  );
  const oddRows = await written(context, [...odd, `../${name}`, `${name}/../y`]);
  if (oddRows.result.failure !== undefined)
    throw new Finding('streams of any name are written', String(oddRows.result.failure.error), {
      cause: oddRows.result.failure.error,
    });
  await checkRows(context, oddRows.rows);

  const long = ['a', 'b'].map((end) => `${name}_${'long'.repeat(60)}_${end}`);
  const longRows = await written(context, long);
  // A service may not support so long a name; the target must then report that.
  if (longRows.result.failure !== undefined && isC8Error(longRows.result.failure.error)) return;
  await checkRows(context, longRows.rows);
}

async function written(
  context: TargetContext,
  streams: readonly string[],
): Promise<{ readonly result: Written; readonly rows: ReadonlyMap<string, Row> }> {
  const rows = new Map(streams.map((stream, id): [string, Row] => [stream, { id, stream }]));
  const messages = [...rows].flatMap(([stream, row]) => [
    schemaMessage(stream, { id: types.id, stream: types.text }),
    ...recordMessages(stream, [row]),
  ]);
  const result = await writeMessages(
    context.connector,
    await context.config(),
    [...messages, stateMessage(lastState(streams.at(-1) ?? ''))],
    context.log,
  );
  return { result, rows };
}

async function checkRows({ readBack }: TargetContext, rows: ReadonlyMap<string, Row>): Promise<void> {
  for (const [stream, row] of rows) {
    const found = difference([row], await readBack(stream));
    if (found !== undefined) throw new Finding(`one row read back from the stream ${shown(stream)}`, found);
  }
}
