import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { Decimal, exactSchema } from 'c8connector';
import { mapSchema, toDraft7 } from './draft7.ts';

/** The error of a schema under the meta-schemas of JSON Schema; undefined when it is valid. Each is compiled when it is first needed, which is slow. */
export interface MetaSchemas {
  /** Draft 7, for the schemas of streams and outputs. The boolean bounds of draft 4 and exact numbers are accepted. */
  readonly draft7: (schema: unknown) => string | undefined;
  /** Draft 2020-12, for the schema of a config. */
  readonly draft2020: (schema: object) => string | undefined;
}

const options = { strict: false, logger: false } as const;

export function metaSchemas(): MetaSchemas {
  let draft7: Ajv | undefined;
  let draft2020: Ajv2020 | undefined;
  return {
    draft7(schema) {
      draft7 ??= new Ajv(options);
      return problemOf(draft7, mapSchema(exactSchema(schema), (node) => withPlainNumbers(toDraft7(node))) as object);
    },
    draft2020(schema) {
      draft2020 ??= withFormats(new Ajv2020(options));
      return problemOf(draft2020, schema);
    },
  };
}

function withFormats(ajv: Ajv2020): Ajv2020 {
  formats.default(ajv);
  return ajv;
}

function problemOf(ajv: Ajv | Ajv2020, schema: object): string | undefined {
  return ajv.validateSchema(schema) === true ? undefined : ajv.errorsText(ajv.errors, { dataVar: 'schema' });
}

function withPlainNumbers(node: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      typeof value === 'bigint' || value instanceof Decimal ? Number(String(value)) : asWritten(value),
    ]),
  );
}

/** The value as it would be in JSON, where infinities and NaN become null. */
function asWritten(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
