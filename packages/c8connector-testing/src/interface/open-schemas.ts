import { randomBytes } from 'node:crypto';
import { configJsonSchema, isSource } from 'c8connector';
import { type Check, errorText, Finding } from '../check.ts';
import { type ConnectorContext, validate } from '../context.ts';
import { mapSchema } from '../values/draft7.ts';

/** 14 */
export const openSchemas: Check<ConnectorContext> = {
  number: 14,
  title: 'neither the config nor the schema of a stream forbids additional properties',
  where:
    'additionalProperties in the schemas of discover, and what validate does with a property that it does not know',
  async run(context) {
    const { connector, config, log } = context;
    const declared = closedKeyword(configJsonSchema(withoutDefaults(connector.config)));
    if (declared !== undefined) throw new Finding('a config open for properties of later versions', declared);
    await checkUnknownProperty(context);
    if (!isSource(connector)) return;
    for (const { tap_stream_id: stream, schema } of (await connector.discover(await config(), { log })).streams) {
      const closed = closedKeyword(schema);
      if (closed !== undefined)
        throw new Finding(`stream '${stream}': a schema open for columns of later versions`, closed);
    }
  },
};

/** A config may come from a later version, or from an earlier one that had more properties. */
async function checkUnknownProperty({ connector, config, validated }: ConnectorContext): Promise<void> {
  if ('error' in (await validated()).outcome) return;
  const unknown = `unknown_${randomBytes(4).toString('hex')}`;
  const { outcome } = await validate(connector, { ...(await config()), [unknown]: 'x' });
  if ('error' in outcome)
    throw new Finding(
      'a good config with one more property accepted, at most with a warning',
      `it rejected with ${errorText(outcome.error)}`,
      { cause: outcome.error },
    );
}

/** The properties without their defaults, which another check covers. */
function withoutDefaults<P extends object>(config: readonly P[]): P[] {
  return config.map((property) => ({ ...property, defaultValue: '' }));
}

/** The first keyword, at any depth of a schema, that forbids additional properties. */
function closedKeyword(schema: unknown): string | undefined {
  const found: string[] = [];
  mapSchema(schema, (node) => {
    for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
      const value = node[keyword];
      const isNothing = typeof value === 'object' && value !== null && 'not' in value && isAnything(value.not);
      if (value === false || isNothing) found.push(`${keyword}: ${JSON.stringify(value)}`);
    }
    if (node.propertyNames === false) found.push('propertyNames: false');
    if (typeof node.maxProperties === 'number') found.push(`maxProperties: ${node.maxProperties}`);
    return node;
  });
  return found[0];
}

function isAnything(schema: unknown): boolean {
  return schema === true || (typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0);
}
