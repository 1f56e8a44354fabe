import { type Check, errorText, Finding, shown } from '../../check.ts';
import { compileSchema } from '../../values/record-validator.ts';
import type { SourceContext } from '../source-context.ts';

/** 26 */
export const streams: Check<SourceContext> = {
  number: 26,
  title: 'discover finds at least one stream, and their names are unique',
  where: 'discover of the definition',
  async run({ discovered }) {
    const catalog = await discovered();
    if (!Array.isArray(catalog?.streams) || catalog.streams.length === 0)
      throw new Finding('at least one stream', shown(catalog));
    for (const key of ['tap_stream_id', 'stream'] as const) {
      const names = catalog.streams.map((entry) => entry[key]);
      if (names.some((name) => typeof name !== 'string' || name === ''))
        throw new Finding(`each stream with its ${key}`, shown(names));
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) throw new Finding(`each ${key} once`, `'${twice}' twice`);
    }
  },
};

/** 27 */
export const validSchemas: Check<SourceContext> = {
  number: 27,
  title: 'the schema of each stream is a valid JSON Schema of an object, with all references resolved',
  where: 'schema of the streams that discover returns',
  async run({ discovered, metaSchemas }) {
    for (const { tap_stream_id: stream, schema } of (await discovered()).streams) {
      const type = [schema?.type].flat();
      if (!type.includes('object')) throw new Finding(`stream '${stream}': type object`, shown(schema?.type));
      if (typeof schema.properties !== 'object' || schema.properties === null)
        throw new Finding(`stream '${stream}': properties`, shown(schema.properties));
      const problem = metaSchemas.draft7(schema);
      if (problem !== undefined) throw new Finding(`stream '${stream}': a valid JSON Schema`, problem);
      try {
        compileSchema(schema);
      } catch (error) {
        throw new Finding(`stream '${stream}': a schema that resolves`, errorText(error), { cause: error });
      }
    }
  },
};
