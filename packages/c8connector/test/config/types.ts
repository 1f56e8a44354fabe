import type { ConfigDeclaration, ConfigOf, Exact } from '../../src/config/property.ts';
import type { Secret } from '../../src/config/secret.ts';
import { defineSource } from '../../src/source/define-source.ts';

/**
 * Type tests: this file is compiled and never run. Each line under `@ts-expect-error` must not compile, and the compiler says so when it does.
 */

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export function same<A, B>(..._proof: Same<A, B> extends true ? [] : [never]): void {}

const manifest = { name: 'c8-source-types', version: '1.0.0' };
const text = { displayName: 'Text', description: 'A text.' } as const;
const schema = { type: 'object', properties: {} } as const;

export class Inferring extends defineSource({
  package: manifest,
  name: 'Inferring',
  description: 'Uses every kind of property.',
  config: {
    host: { type: 'string', displayName: 'Host', description: 'Host name.', isMandatory: true },
    port: { type: 'integer', ...text, defaultValue: 5432 },
    retries: { type: 'integer', ...text },
    ssl: { type: 'boolean', ...text, defaultValue: false },
    password: { type: 'password', ...text },
    token: { type: 'string', ...text, isSecret: true, isMandatory: true },
    method: { type: 'options', ...text, options: ['FULL_TABLE', 'LOG_BASED'], defaultValue: 'FULL_TABLE' },
    mode: { type: 'options', ...text, options: ['a', 'b'] },
    slot: { type: 'string', ...text, isMandatory: true, when: { property: 'method', oneOf: ['LOG_BASED'] } },
    empty: { type: 'string', ...text, defaultValue: '' },
    names: { type: 'array', ...text, defaultValue: ['a'] },
    numbers: { type: 'array', ...text, items: { type: 'integer' } },
    things: { type: 'array', ...text, items: { type: 'object' }, isMandatory: true },
    extra: { type: 'object', ...text },
    start: { type: 'date_iso8601', ...text },
    key: { type: 'file', ...text },
    mail: { type: 'email', ...text },
    grant: { type: 'oauth', ...text },
    internal: { type: 'hidden', ...text, defaultValue: 'x' },
  },
  *check({ config }) {
    same<typeof config.port, number>();
    yield { id: 'port', label: 'Port', run: () => config.host };
  },
  discover({ config }) {
    same<typeof config.host, string>();
    same<typeof config.port, number>();
    same<typeof config.retries, number | undefined>();
    same<typeof config.ssl, boolean>();
    same<typeof config.password, Secret | undefined>();
    same<typeof config.token, Secret>();
    same<typeof config.method, 'FULL_TABLE' | 'LOG_BASED'>();
    same<typeof config.mode, 'a' | 'b' | undefined>();
    same<typeof config.slot, string | undefined>();
    same<typeof config.empty, string | undefined>();
    same<typeof config.names, readonly string[]>();
    same<typeof config.numbers, readonly number[] | undefined>();
    same<typeof config.things, readonly Readonly<Record<string, unknown>>[]>();
    same<typeof config.extra, Readonly<Record<string, unknown>> | undefined>();
    same<typeof config.start, string | undefined>();
    same<typeof config.key, string | undefined>();
    same<typeof config.mail, string | undefined>();
    same<typeof config.grant, string | undefined>();
    same<typeof config.internal, string>();
    // @ts-expect-error a misspelt property
    void config.prot;
    // @ts-expect-error a config is read only
    config.host = 'elsewhere';
    return [{ id: 'one', schema, table: 7 }];
  },
  async *read(stream, { config, columns }) {
    // The author's own properties of a stream reach `read`.
    same<typeof stream.table, number>();
    same<typeof config.method, 'FULL_TABLE' | 'LOG_BASED'>();
    same<typeof columns, readonly string[]>();
    yield { rows: [{ id: 1 }] };
  },
}) {}

export class Empty extends defineSource({
  package: manifest,
  name: 'Empty',
  description: 'Has no config.',
  config: {},
  discover: () => [{ id: 'one', schema }],
  read: () => [{ rows: [] }],
}) {}

function declare<const P extends ConfigDeclaration>(_config: P & Exact<P>): ConfigOf<P> | undefined {
  return undefined;
}

export const mistakes = [
  declare({ port: { type: 'integer', ...text, minimum: 1, maximum: 65_535, defaultValue: 5432 } }),
  // @ts-expect-error a misspelt key inside a property
  declare({ port: { type: 'integer', ...text, defaultVale: 5432 } }),
  // @ts-expect-error a misspelt type
  declare({ port: { type: 'int', ...text } }),
  // @ts-expect-error a default that is not one of the options
  declare({ mode: { type: 'options', ...text, options: ['a', 'b'], defaultValue: 'c' } }),
  // @ts-expect-error the default of an integer as text
  declare({ port: { type: 'integer', ...text, defaultValue: '5432' } }),
  // @ts-expect-error the default of a boolean as text
  declare({ ssl: { type: 'boolean', ...text, defaultValue: 'false' } }),
  // @ts-expect-error the default of a string as a number
  declare({ host: { type: 'string', ...text, defaultValue: 1 } }),
  // @ts-expect-error a list of numbers as the default of a list of texts
  declare({ names: { type: 'array', ...text, defaultValue: [1] } }),
  // @ts-expect-error a condition on a property that does not exist
  declare({ slot: { type: 'string', ...text, when: { property: 'methd', oneOf: ['a'] } } }),
  // @ts-expect-error a property without its label
  declare({ host: { type: 'string', description: 'Host name.' } }),
  // @ts-expect-error a function inside a property
  declare({ host: { type: 'string', ...text, validate: () => true } }),
];
