import type { C8Connector, ConfigProperty } from 'c8connector';
import { isC8Error, parseConfig } from 'c8connector';
import { NotRunnable } from '../check.ts';
import type { ConnectorContext } from '../context.ts';
import { isGiven } from '../options.ts';
import { snakeCase } from './snake-case.ts';

/** The address of a server of the kit, or one where nothing listens. */
interface Address {
  readonly host: string;
  readonly port: number;
}

const hosts = /(?:^|_)(?:host|host_?name|server|address)$/;
const ports = /(?:^|_)port$/;
const urls = /(?:^|_)(?:ur[li]|endpoint|dsn|connection_?string)$/;
const lists = /(?:^|_)(?:hosts|brokers|servers|nodes|endpoints|urls|addresses)$/;

/**
 * The test's config with its addresses changed: as the option `unreachable` says, otherwise the properties that are named like a host, a port or a URL, or
 * that contain a URL. Throws NotRunnable when there are none.
 */
export async function pointedAt(
  context: ConnectorContext,
  address: Address,
): Promise<Readonly<Record<string, unknown>>> {
  const { connector, unreachable } = context;
  const good = await context.config();
  if (typeof unreachable === 'function') return { ...good, ...unreachable(address) };
  const all = connector.config.flatMap((property) => {
    const value = valueIn(property, good);
    const moved = movedTo(address, property, value);
    return moved === undefined ? [] : [{ name: property.name, moved, isSet: isGiven(value) }];
  });
  // A port is changed together with a host; of the others, those that the test's config uses, or else all of them.
  const isUsed = all.some(({ name, isSet }) => isSet && !ports.test(snakeCase(name)));
  const used = all.filter(({ name, isSet }) => isSet || !isUsed || ports.test(snakeCase(name)));
  if (used.length === 0)
    throw new NotRunnable(
      'no property looks like an address: give unreachable: ({ host, port }) => ({ … }), what to lay over the config',
    );
  const config = { ...good, ...Object.fromEntries(used.map(({ name, moved }) => [name, moved])) };
  checkDeclared(connector, config);
  return config;
}

function checkDeclared(connector: C8Connector, config: object): void {
  try {
    parseConfig(connector.config, config);
  } catch (error) {
    if (!isC8Error(error) || error.name !== 'ConfigError') throw error;
    throw new NotRunnable(
      `a local address does not fit the config (${error.message}): give unreachable: ({ host, port }) => ({ … })`,
    );
  }
}

function valueIn({ name, defaultValue }: ConfigProperty, good: Readonly<Record<string, unknown>>): unknown {
  return isGiven(good[name]) ? good[name] : defaultValue;
}

function movedTo(address: Address, { name, type }: ConfigProperty, value: unknown): unknown {
  const named = snakeCase(name);
  if (type === 'integer') return ports.test(named) ? address.port : undefined;
  if (type === 'array') {
    if (!lists.test(named) || !Array.isArray(value)) return undefined;
    return value.map((each) => (typeof each === 'string' ? movedText(address, each) : each));
  }
  if (['boolean', 'object', 'options', 'email', 'date_iso8601', 'file'].includes(type)) return undefined;
  if (ports.test(named)) return String(address.port);
  if (typeof value === 'string' && isUrl(value)) return movedText(address, value);
  const text = typeof value === 'string' ? value : '';
  if (urls.test(named)) return text === '' || isPlace(text) ? movedText(address, text) : undefined;
  if (!hosts.test(named) || /[\s@]/.test(text)) return undefined;
  return /:\d+$/.test(text) ? movedText(address, text) : address.host;
}

/** Replaces only host and port of a URL. */
function movedText({ host, port }: Address, text: string): string {
  if (!isUrl(text)) return text === '' ? `http://${host}:${port}` : `${host}:${port}`;
  const [, begin = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?)[^/?#]*(.*)$/is.exec(text) ?? [];
  return `${begin}${host}:${port}${rest}`;
}

/** Whether a text is a host with its domain or port, and not a path or a name. */
function isPlace(text: string): boolean {
  return /^(?:localhost|[\w-]+(?:\.[\w-]+)+|[\w.-]+(?=:\d))(?::\d+)?$/.test(text);
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(text);
}
