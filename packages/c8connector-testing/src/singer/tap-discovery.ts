import { type Check, errorText, Finding, shown } from '../check.ts';
import { isObject } from '../values/json.ts';
import { compileSchema } from '../values/record-validator.ts';
import { namesOf } from './messages.ts';
import { idOf } from './tap-catalog.ts';
import type { TapContext } from './tap-context.ts';

/** 26 */
const streams: Check<TapContext> = {
  number: 26,
  title: '--discover prints one catalog, with at least one stream, and each id once',
  where: 'what the program does with --discover, and what else writes to stdout',
  async run({ catalog }) {
    const ids = (await catalog()).streams.map((entry, index) => {
      const id = entry.tap_stream_id ?? entry.stream;
      if (typeof id !== 'string' || id === '')
        throw new Finding('a tap_stream_id in each stream of the catalog', `none in streams[${index}]`);
      return id;
    });
    if (ids.length === 0) throw new Finding('at least one stream in the catalog', 'none');
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) throw new Finding('each tap_stream_id once', `'${twice}' twice`);
  },
};

/** 27 */
const schemas: Check<TapContext> = {
  number: 27,
  title: 'the schema of each stream in the catalog is a JSON Schema whose references can be resolved',
  where: 'the schema of the stream that is named',
  async run({ catalog, metaSchemas }) {
    for (const entry of (await catalog()).streams) {
      const expected = `the schema of '${idOf(entry)}' as a JSON Schema`;
      if (!isObject(entry.schema)) throw new Finding(expected, shown(entry.schema));
      const problem = metaSchemas.draft7(entry.schema);
      if (problem !== undefined) throw new Finding(expected, problem);
      try {
        compileSchema(entry.schema);
      } catch (error) {
        throw new Finding(expected, errorText(error));
      }
    }
  },
};

/** 28 */
const keys: Check<TapContext> = {
  number: 28,
  title: 'key and replication key of each stream in the catalog are columns of its schema',
  where: 'key_properties, replication_key and the metadata of the stream that is named',
  async run({ catalog }) {
    for (const entry of (await catalog()).streams) {
      const columns =
        isObject(entry.schema) && isObject(entry.schema.properties) ? Object.keys(entry.schema.properties) : [];
      if (columns.length === 0) continue;
      const metadata = Array.isArray(entry.metadata) ? entry.metadata.filter(isObject) : [];
      const known = metadata.flatMap(({ metadata: each }) => (isObject(each) ? [each] : []));
      const wanted = [
        ...namesOf(entry.key_properties),
        ...namesOf(entry.replication_key).filter((name) => name !== ''),
        ...known.flatMap((each) => [
          ...namesOf(each['table-key-properties']),
          ...namesOf(each['valid-replication-keys']),
        ]),
      ];
      const missing = wanted.find((name) => !columns.includes(name));
      if (missing !== undefined)
        throw new Finding(`'${missing}' among the columns of '${idOf(entry)}'`, shown(columns));
      for (const each of metadata) {
        const breadcrumb: unknown = each.breadcrumb;
        if (!Array.isArray(breadcrumb) || !isObject(each.metadata))
          throw new Finding(`metadata of '${idOf(entry)}' as {"breadcrumb": […], "metadata": {…}}`, shown(each));
      }
    }
  },
};

/** 33 */
const order: Check<TapContext> = {
  number: 33,
  title: 'discovery returns the same streams in the same order, with and without its own catalog as input',
  where: 'the order in which --discover lists streams and columns, and how it reads a catalog',
  async run(context) {
    const { warn } = context;
    const catalog = await context.catalog();
    const again = await context.discover(['--catalog', await context.file('catalog', catalog)]);
    const [one, other] = [catalog, again].map(({ streams: found }) => found.map(idOf));
    const extra = other?.find((id) => !one?.includes(id));
    if (extra !== undefined || one?.length !== other?.length)
      throw new Finding(`the streams ${shown(one)}`, shown(other));
    if (shown(one) !== shown(other)) warn(`streams in the same order each time: ${shown(one)}`, shown(other));
  },
};

export const discoveryChecks: readonly Check<TapContext>[] = [streams, keys, schemas, order];
