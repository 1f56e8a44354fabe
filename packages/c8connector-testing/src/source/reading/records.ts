import type { Value } from 'c8connector';
import { parseValue } from 'c8connector';
import { type Check, errorText, Finding } from '../../check.ts';
import { compileSchema } from '../../values/record-validator.ts';
import { linesOf } from '../recording/recording.ts';
import type { SourceContext } from '../source-context.ts';

/** 35 */
export const validRecords: Check<SourceContext> = {
  number: 35,
  title:
    'each record validates against its SCHEMA, a valid JSON Schema, with strict integers and the shape of dates and times',
  where: 'how read converts values, and the types that discover declares',
  async run({ read, metaSchemas }) {
    const validators = new Map<unknown, (record: unknown) => string | undefined>();
    const counts = new Map<string, number>();
    for (const message of (await read()).messages) {
      if (message.type === 'SCHEMA') {
        const problem = metaSchemas.draft7(message.schema);
        if (problem !== undefined) throw new Finding(`SCHEMA of '${message.stream}' as a valid JSON Schema`, problem);
      }
      if (message.type !== 'RECORDS') continue;
      const { stream, schema } = message;
      const problemOf = validators.get(schema) ?? compileSchema(schema);
      validators.set(schema, problemOf);
      for (const line of linesOf(message)) {
        const number = (counts.get(stream) ?? 0) + 1;
        counts.set(stream, number);
        const problem = problemOf(parsed(line, stream, number));
        if (problem !== undefined) throw new Finding(`record ${number} of '${stream}' as its SCHEMA says`, problem);
      }
    }
  },
};

function parsed(line: string, stream: string, number: number): Value {
  try {
    return parseValue(line);
  } catch (error) {
    throw new Finding(`record ${number} of '${stream}' as strict JSON`, errorText(error), { cause: error });
  }
}
