import type { C8Connector } from 'c8connector';
import { NotRunnable } from '../check.ts';
import type { ConnectorContext } from '../context.ts';
import { isGiven } from '../options.ts';
import { pointedAt } from './addresses.ts';

/** The address of the service in a config. */
export interface ServiceAddress {
  /** `tcp:` when the config does not name a protocol, or names another one than HTTP. */
  readonly protocol: 'http:' | 'https:' | 'tcp:';
  readonly host: string;
  readonly port: number;
}

type Config = Readonly<Record<string, unknown>>;

/**
 * The address of the service in the test's config: its URL, or its host and port. Throws NotRunnable when that cannot be determined, or when the config names more than one.
 */
export async function serviceAddress(context: ConnectorContext): Promise<ServiceAddress> {
  const good = await context.config();
  const moved = await pointedAt(context, { host: 'c8connector.invalid', port: 1 });
  const all = Object.keys(moved).filter((name) => moved[name] !== good[name]);
  // Addresses that this config sets take precedence over those of defaults.
  const given = all.filter((name) => isGiven(good[name]));
  const names = given.length > 0 ? given : all;
  const before = names.map((name) => [name, givenOrDefault(context.connector, good, name)] as const);
  const urls = before.flatMap(([, value]) =>
    typeof value === 'string' && URL.canParse(value) ? [new URL(value)] : [],
  );
  const [url, ...others] = [...new Map(urls.map((each) => [each.origin, each])).values()];
  if (others.length > 0) throw new NotRunnable('the config names more than one service');
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) {
    const usual = url.protocol === 'https:' ? 443 : 80;
    return { protocol: url.protocol, host: url.hostname, port: Number(url.port) || usual };
  }
  const host = before.find(([, value]) => typeof value === 'string' && value !== '' && !/^\d+$/.test(value))?.[1];
  const port = before.map(([, value]) => Number(value)).find((value) => Number.isInteger(value) && value > 0);
  if (url?.port) return { protocol: 'tcp:', host: url.hostname, port: Number(url.port) };
  if (typeof host === 'string' && port !== undefined) return { protocol: 'tcp:', host, port };
  throw new NotRunnable('the config does not say where the service is by a URL, or by a host and a port');
}

function givenOrDefault({ config }: C8Connector, good: Config, name: string): unknown {
  return isGiven(good[name]) ? good[name] : config.find((property) => property.name === name)?.defaultValue;
}

/** A config with a local server in place of the service. The server uses plain HTTP, even if the service does not. */
export async function servedBy(
  context: ConnectorContext,
  address: { readonly host: string; readonly port: number },
): Promise<Config> {
  const moved = await pointedAt(context, address);
  const local = `https://${address.host}:${address.port}`;
  return Object.fromEntries(
    Object.entries(moved).map(([name, value]) => [
      name,
      typeof value === 'string' && value.startsWith(local) ? value.replace('https:', 'http:') : value,
    ]),
  );
}
