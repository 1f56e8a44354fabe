import type { Row, StreamSchema, TargetMessage } from 'c8connector';
import { writeAcknowledged } from 'c8connector';
import { type Check, errorText, Finding } from '../check.ts';
import { difference } from '../values/same-rows.ts';
import { batchOf, writeRequest } from './batches.ts';
import { types } from './cases/target-case.ts';
import type { TargetContext } from './target-context.ts';

/** A stream and its rows, in two halves around those of the other stream. */
interface Interleaved {
  readonly stream: string;
  readonly keys: readonly string[];
  readonly schema: StreamSchema;
  readonly rows: readonly Row[];
}

/** 103 */
export const interleavedStreams: Check<TargetContext> = {
  number: 103,
  title: 'streams whose batches alternate are each stored under their own name, columns and key',
  where:
    'what write keeps of a SCHEMA and of rows until the next FLUSH: by stream, and not of the stream that came last; a SCHEMA of a stream without rows',
  async run(context) {
    const { exact } = context.connector.accepts(await context.config());
    const all = streamsOf(context);
    const halves = [all.map(({ rows }) => rows.slice(0, 2)), all.map(({ rows }) => rows.slice(2))];
    const state = { bookmarks: {} };
    async function* messages(): AsyncGenerator<TargetMessage> {
      for (const { stream, schema, keys } of all) yield { type: 'SCHEMA', stream, schema, keyProperties: keys };
      for (const half of halves) {
        for (const [index, { stream, schema }] of all.entries()) {
          const rows = half[index] ?? [];
          if (rows.length > 0) yield batchOf(stream, schema, rows, exact);
        }
      }
      yield { type: 'FLUSH', state, isCheckpoint: true };
    }
    try {
      for await (const _ of writeAcknowledged(context.connector, messages(), await writeRequest(context, 'streams')));
    } catch (error) {
      throw new Finding('batches of several streams in turns, and a stream without rows, written', errorText(error), {
        cause: error,
      });
    }
    for (const { stream, rows } of all) {
      const found = difference(context.isUpsert ? rows.slice(1) : rows, await context.readBack(stream));
      if (found !== undefined)
        throw new Finding(`the rows of '${stream}', whose batches came in turns with others`, found);
    }
  },
};

/** The streams; with upsert, the last row of each replaces the first one. */
function streamsOf(context: TargetContext): readonly Interleaved[] {
  return [
    {
      stream: context.streamName('people'),
      keys: ['id'],
      schema: { type: 'object', properties: { id: types.id, name: types.text } },
      rows: [
        { id: 1, name: 'Ada' },
        { id: 2, name: 'Grace' },
        { id: 1, name: 'Ada again' },
      ],
    },
    {
      stream: context.streamName('prices'),
      keys: ['code'],
      schema: { type: 'object', properties: { code: { type: 'string' }, id: types.text, price: types.number } },
      rows: [
        { code: 'a', id: 'same', price: 1.5 },
        { code: 'b', id: 'same', price: 2.5 },
        { code: 'a', id: 'same', price: 3.5 },
      ],
    },
    {
      stream: context.streamName('nothing'),
      keys: ['id'],
      schema: { type: 'object', properties: { id: types.id } },
      rows: [],
    },
  ];
}
