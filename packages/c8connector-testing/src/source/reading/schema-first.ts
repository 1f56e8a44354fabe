import { isDeepStrictEqual } from 'node:util';
import type { SchemaMessage } from 'c8connector';
import { type Check, Finding } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';

/** 34 */
export const schemaFirst: Check<SourceContext> = {
  number: 34,
  title: 'SCHEMA comes before the first record of its stream',
  where: 'the order of the messages of read',
  async run({ read }) {
    const { messages } = await read();
    const known = new Map<string, SchemaMessage>();
    for (const [index, message] of messages.entries()) {
      if (message.type === 'SCHEMA') known.set(message.stream, message);
      if (message.type !== 'RECORDS') continue;
      const schema = known.get(message.stream);
      if (schema === undefined)
        throw new Finding(
          `SCHEMA of '${message.stream}' before its records`,
          `message ${index + 1} is its RECORDS, without one before`,
        );
      if (!isDeepStrictEqual(schema.schema, message.schema)) {
        throw new Finding(
          `batches of '${message.stream}' with the schema of the last SCHEMA`,
          `message ${index + 1} has another`,
        );
      }
    }
  },
};
