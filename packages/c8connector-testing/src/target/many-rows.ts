import type { Row, StreamSchema, TargetMessage } from 'c8connector';
import { writeAcknowledged } from 'c8connector';
import { type Check, errorText, Finding } from '../check.ts';
import { batchOf, writeRequest } from './batches.ts';
import { types } from './cases/target-case.ts';
import type { TargetContext } from './target-context.ts';

/** More values than the 65,535 parameters of a statement, and more rows than services accept in one request. */
const count = 7000;
const names = Array.from({ length: 9 }, (_, index) => `column_${index}`);

/** 105 */
export const manyRows: Check<TargetContext> = {
  number: 105,
  title: 'thousands of rows before one FLUSH are all stored, each once',
  where:
    'how write divides a batch into requests or statements: the limits of the service for one request, rows that it returns as not done, and the last request, which is not full',
  async run(context) {
    const stream = context.streamName('many_rows');
    const { exact } = context.connector.accepts(await context.config());
    const schema: StreamSchema = {
      type: 'object',
      properties: { id: types.id, ...Object.fromEntries(names.map((name) => [name, types.text])) },
    };
    const rows = Array.from(
      { length: count },
      (_, id): Row => ({
        id,
        ...Object.fromEntries(names.map((name, index) => [name, index === id % names.length ? null : `${id}`])),
      }),
    );
    async function* messages(): AsyncGenerator<TargetMessage> {
      yield { type: 'SCHEMA', stream, schema, keyProperties: ['id'] };
      yield batchOf(stream, schema, rows, exact);
      yield { type: 'FLUSH', state: { bookmarks: {} }, isCheckpoint: true };
    }
    try {
      for await (const _ of writeAcknowledged(context.connector, messages(), await writeRequest(context, stream)));
    } catch (error) {
      throw new Finding(`${count} rows of ${names.length + 1} columns written before one FLUSH`, errorText(error), {
        cause: error,
      });
    }
    const found = await context.readBack(stream);
    const ids = new Set(found.map(({ id }) => String(id)));
    const missing = rows.find(({ id }) => !ids.has(String(id)));
    if (found.length !== count || missing !== undefined)
      throw new Finding(
        `${count} rows, which came before one FLUSH`,
        `${found.length} rows, ${ids.size} of them different${missing === undefined ? '' : `; the first that is missing has id ${missing.id}`}`,
      );
  },
};
