import { isDeepStrictEqual } from 'node:util';
import type { ConfigProperty } from 'c8connector';
import { type C8Connector, isC8Error, isSource, isTarget } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../check.ts';
import { generatedConfigs } from '../compatibility/old-configs.ts';
import { type ConnectorContext, validate } from '../context.ts';
import { isGiven } from '../options.ts';

/** How many other values of a property are tried. */
const tries = 2;

/** 18 */
export const dynamicProperties: Check<ConnectorContext> = {
  number: 18,
  title: 'the newest value of a dynamic property is used, even if the connector was used with another value before',
  where: 'what the connector keeps from an earlier call; each call has to parse the config that it is given',
  async run({ connector, makeConnector, config, note }) {
    const dynamic = connector.config.filter(({ isDynamic }) => isDynamic);
    if (dynamic.length === 0) throw new NotRunnable('no property is dynamic');
    const good = await config();
    const used = makeConnector();
    const before = await effects(used, good);
    const silent: string[] = [];
    for (const property of dynamic) {
      let isSeen = false;
      for (const value of await otherValues(property, good[property.name])) {
        const changed = { ...good, [property.name]: value };
        const wanted = await effects(makeConnector(), changed);
        isSeen ||= !isDeepStrictEqual(wanted, before);
        const found = await effects(used, changed);
        if (!isDeepStrictEqual(found, wanted))
          throw new Finding(
            `with another value of the dynamic property '${property.name}', what a new connector gives: ${shown(wanted)}`,
            shown(found),
          );
        if (isSeen) break;
      }
      if (!isSeen) silent.push(property.name);
    }
    if (silent.length > 0)
      note(`18 cannot be seen at ${silent.join(', ')}: neither validate nor what comes before a run depends on it`);
  },
};

/** The visible effects of a config without a run. Without the messages of steps, which may contain times and random names. */
async function effects(connector: C8Connector, config: object): Promise<unknown> {
  const { outcome } = await validate(connector, config);
  const validation =
    'report' in outcome ? outcome.report.steps.map(({ id, status }) => ({ id, status })) : errorCode(outcome.error);
  if (isSource(connector)) return { validation, streams: await result(async () => streamIds(connector, config)) };
  if (isTarget(connector)) return { validation, accepts: await result(async () => connector.accepts(config)) };
  return { validation };
}

async function streamIds(connector: C8Connector & { discover: unknown }, config: object): Promise<unknown> {
  if (!isSource(connector)) return [];
  return (await connector.discover(config)).streams.map(({ tap_stream_id: id, schema }) => [
    id,
    Object.keys(schema.properties),
  ]);
}

async function result(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return errorCode(error);
  }
}

function errorCode(error: unknown): unknown {
  return isC8Error(error) ? `${error.name} ${error.code}` : String(error);
}

/** Other values that the declaration allows. */
async function otherValues(property: ConfigProperty, given: unknown): Promise<unknown[]> {
  const { when: _, ...alone } = { ...property, isMandatory: true, defaultValue: '' };
  const made = (await generatedConfigs([alone], 50)).map((config) => config[property.name]);
  const current = isGiven(given) ? given : property.defaultValue;
  const others = made.filter((value) => !isDeepStrictEqual(value, current));
  return others
    .filter((value, index) => others.findIndex((each) => isDeepStrictEqual(each, value)) === index)
    .slice(0, tries);
}
