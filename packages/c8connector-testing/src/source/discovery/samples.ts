import { isDeepStrictEqual } from 'node:util';
import type { AttributeType, Sample, Value } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../../check.ts';
import { isIntegerText, isNumeric } from '../../values/exact-number.ts';
import type { SourceContext } from '../source-context.ts';

const mostRows = 10;

/** 30 */
export const samplesMatch: Check<SourceContext> = {
  number: 30,
  title: 'samples have at most 10 rows, with the types of schemas',
  where: 'samples and schemas, or the schema that discover declares and the rows that read gives',
  async run({ sampled, schemas }) {
    const samples = await sampled();
    const names = (await schemas()).map(({ name }) => name);
    if (
      !isDeepStrictEqual(
        samples.map(({ schema }) => schema.name),
        names,
      )
    ) {
      throw new Finding(
        `a sample of each stream of schemas, in its order: ${shown(names)}`,
        shown(samples.map(({ schema }) => schema.name)),
      );
    }
    for (const [index, sample] of samples.entries()) {
      if (!isDeepStrictEqual(sample.schema, (await schemas())[index])) {
        throw new Finding(
          `the sample of '${sample.schema.name}' with the schema that schemas gives`,
          shown(sample.schema),
        );
      }
      checkRows(sample);
    }
  },
};

/** 32 */
export const emptyStream: Check<SourceContext> = {
  number: 32,
  title: 'an empty stream has a schema and a SCHEMA message, and no rows',
  where: 'where discover or read infer types from rows',
  async run(context) {
    const { messages, lines } = await context.read();
    const empty = context.emptyStream ?? [...lines].find(([, counts]) => counts.size === 0)?.[0];
    if (empty === undefined) throw new NotRunnable("no stream is empty: give emptyStream: 'id' of one that is");
    if ((lines.get(empty)?.size ?? 0) > 0)
      throw new Finding(`no records of '${empty}', which emptyStream names`, 'records');
    const schema = (await context.schemas()).find(({ name }) => name === empty);
    if (schema === undefined || schema.attributes.length === 0)
      throw new Finding(`'${empty}' in schemas, with its columns`, shown(schema));
    const sample = (await context.sampled()).find(({ schema: { name } }) => name === empty);
    if (sample?.data.length !== 0) throw new Finding(`'${empty}' in samples, without rows`, shown(sample));
    const isTold = messages.some((message) => message.type === 'SCHEMA' && message.stream === empty);
    if (!isTold) throw new Finding(`SCHEMA of '${empty}'`, 'none');
  },
};

function checkRows({ schema: { name, attributes }, data }: Sample): void {
  if (data.length > mostRows) throw new Finding(`at most ${mostRows} rows of '${name}'`, `${data.length} rows`);
  const types = new Map(attributes.map((attribute) => [attribute.name, attribute.type]));
  for (const row of data) {
    for (const [column, value] of Object.entries(row)) {
      const type = types.get(column);
      if (type === undefined)
        throw new Finding(`stream '${name}': only the columns ${shown([...types.keys()])}`, `column '${column}'`);
      if (!isTyped(value, type))
        throw new Finding(`stream '${name}': '${column}' as ${type}`, isNumeric(value) ? String(value) : shown(value));
    }
  }
}

function isTyped(value: Value, type: AttributeType): boolean {
  if (value === null) return true;
  switch (type) {
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
    case 'long':
      return isIntegerText(value);
    case 'float':
    case 'double':
      return isNumeric(value);
    case 'string':
      return typeof value === 'string';
    case 'object':
      return true;
  }
}
