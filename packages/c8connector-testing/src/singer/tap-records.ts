import { stringifyValue } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../check.ts';
import { isObject } from '../values/json.ts';
import { compileSchema } from '../values/record-validator.ts';
import { namesOf, type TapMessage } from './messages.ts';
import type { TapContext } from './tap-context.ts';

/** 34 */
const schemaFirst: Check<TapContext> = {
  number: 34,
  title: 'SCHEMA comes before the first RECORD of its stream',
  where: 'when the tap writes SCHEMA',
  async run({ read }) {
    for (const { messages } of (await read()).rounds) {
      const known = new Set<unknown>();
      for (const { type, stream, line } of messages) {
        if (type === 'SCHEMA') known.add(stream);
        if (type === 'RECORD' && !known.has(stream))
          throw new Finding(
            `SCHEMA of '${String(stream)}' before its records`,
            `line ${line} is a RECORD without one before`,
          );
      }
    }
  },
};

/** 35 */
const validRecords: Check<TapContext> = {
  number: 35,
  title:
    'each record validates against its SCHEMA, a valid JSON Schema, with strict integers and the shape of dates and times',
  where: 'how the tap converts values, and the types that it declares',
  async run({ read, metaSchemas }) {
    const rounds = (await read()).rounds;
    if (!rounds.some(({ messages }) => messages.some(({ type }) => type === 'RECORD')))
      throw new NotRunnable('no stream has a record: give a config that finds some');
    for (const { type, stream, schema, line } of rounds.flatMap(({ messages }) => messages)) {
      const invalid = type === 'SCHEMA' ? metaSchemas.draft7(schema) : undefined;
      if (invalid !== undefined)
        throw new Finding(`the SCHEMA in line ${line}, of '${String(stream)}', as a valid JSON Schema`, invalid);
    }
    for (const { messages } of rounds) {
      const validators = new Map<unknown, (record: unknown) => string | undefined>();
      for (const message of messages) {
        if (message.type === 'SCHEMA') validators.set(message.stream, compileSchema(message.schema));
        const problem = message.type === 'RECORD' ? validators.get(message.stream)?.(message.record) : undefined;
        if (problem !== undefined)
          throw new Finding(
            `the record in line ${message.line}, of '${String(message.stream)}', as its SCHEMA says`,
            problem,
          );
      }
    }
  },
};

/** 36 */
const declaredFields: Check<TapContext> = {
  number: 36,
  title: 'records have no column that their SCHEMA does not declare',
  where: 'columns that the schema lacks: most targets leave them out',
  async run({ read, warn }) {
    const warned = new Set<string>();
    await eachRecord(read, (schema, message) => {
      const columns = isObject(schema.schema) && isObject(schema.schema.properties) ? schema.schema.properties : {};
      if (Object.keys(columns).length === 0) return;
      const extra = Object.keys(message.record as object).find((name) => !Object.hasOwn(columns, name));
      const place = `${String(message.stream)} ${extra}`;
      if (extra === undefined || warned.has(place)) return;
      warned.add(place);
      if (warned.size <= 5)
        warn(
          `only declared columns in the records of '${String(message.stream)}'`,
          `'${extra}' in line ${message.line}`,
        );
    });
  },
};

/** 37 */
const uniqueKeys: Check<TapContext> = {
  number: 37,
  title: 'each record has its key, without null, and no key comes twice',
  where: 'key_properties of the stream that is named',
  async run({ read, warn }) {
    let seen = new Map<string, Set<string>>();
    let round: unknown;
    const warned = new Set<string>();
    await eachRecord(read, (schema, message, messages) => {
      if (round !== messages) seen = new Map();
      round = messages;
      const stream = String(message.stream);
      const names = namesOf(schema.key_properties);
      if (names.length === 0) return;
      const record = message.record as Readonly<Record<string, unknown>>;
      const missing = names.find((name) => (record[name] ?? null) === null);
      if (missing !== undefined)
        throw new Finding(
          `the key ${names.join(', ')} in each record of '${stream}'`,
          `line ${message.line} has no '${missing}'`,
        );
      const key = stringifyValue(names.map((name) => record[name]));
      const keys = seen.get(stream) ?? new Set();
      seen.set(stream, keys);
      // A row that has changed in the meantime may be read again.
      if (keys.has(key) && !warned.has(stream)) {
        warned.add(stream);
        warn(`each key of '${stream}' once`, `${shown(key)} again in line ${message.line}`);
      }
      keys.add(key);
    });
  },
};

async function eachRecord(
  read: TapContext['read'],
  visit: (schema: TapMessage, record: TapMessage, round: readonly TapMessage[]) => void,
): Promise<void> {
  for (const { messages } of (await read()).rounds) {
    const schemas = new Map<unknown, TapMessage>();
    for (const message of messages) {
      if (message.type === 'SCHEMA') schemas.set(message.stream, message);
      const schema = schemas.get(message.stream);
      if (message.type === 'RECORD' && schema !== undefined) visit(schema, message, messages);
    }
  }
}

export const recordChecks: readonly Check<TapContext>[] = [schemaFirst, validRecords, declaredFields, uniqueKeys];
