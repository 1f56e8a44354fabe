import type { Row, StreamSchema } from 'c8connector';
import { reservedNames } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable } from '../check.ts';
import { difference } from '../values/same-rows.ts';
import { schemaMessage, stateMessage, types } from './cases/target-case.ts';
import { type TargetContext, writeMessages } from './target-context.ts';

/** 102 */
export const reservedKeys: Check<TargetContext> = {
  number: 102,
  title: 'a column with a reserved name is renamed in the same way in the rows, the schema and the key of its stream',
  where:
    'reservedKeys, by which the columns are renamed before they reach write; keyProperties of SCHEMA names them as the rows do',
  async run(context) {
    const { reservedKeys: reserved } = context.connector;
    if (reserved.length === 0) throw new NotRunnable('the target reserves no column: reservedKeys is empty');
    const stream = context.streamName('reserved_keys');
    // The first column of a key may keep a reserved name, so another one is first.
    const keys = ['region', ...reserved];
    const texts = ['region', ...reserved, ...reserved.map((name) => `_${name}`), 'name'];
    const schema: StreamSchema = {
      type: 'object',
      properties: Object.fromEntries(texts.map((name) => [name, types.text])),
    };
    const rows = [
      ['a', 'first'],
      ['b', 'of another key'],
      ['a', 'again'],
    ].map(
      ([key = '', name = '']): Row => ({
        ...{ region: 'north', name },
        ...Object.fromEntries(
          reserved.flatMap((column) => [
            [column, key],
            [`_${column}`, 'not reserved'],
          ]),
        ),
      }),
    );
    const records = rows.map((record) => ({ type: 'RECORD', stream, record }));
    const messages = [schemaMessage(stream, schema.properties, keys), ...records, stateMessage({ bookmarks: {} })];
    const { failure } = await writeMessages(context.connector, await context.config(), messages, context.log);
    if (failure !== undefined)
      throw new Finding('a stream whose key has reserved columns written', errorText(failure.error), {
        cause: failure.error,
      });
    const names = reservedNames(schema, keys, reserved);
    const renamed = rows.map(
      (row): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [names.get(name) ?? name, value])),
    );
    const found = difference(context.isUpsert ? renamed.slice(1) : renamed, await context.readBack(stream));
    if (found !== undefined)
      throw new Finding(
        `rows by their key, in which ${[...names].map(([name, other]) => `'${name}' is '${other}'`).join(', ')}`,
        found,
      );
  },
};
