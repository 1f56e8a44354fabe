import { ConfigError } from 'c8connector';

/** How requests leave this machine. */
export interface Way {
  fetch(url: string, init: FetchInit): Promise<FetchedAnswer>;
  /** Host and port of each proxy of the environment, for messages: which one is used, if any, depends on the URL. */
  readonly proxies: readonly string[];
}

interface FetchInit {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly method: 'POST';
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** What is used of an answer, with any `fetch`. */
interface FetchedAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The way of all requests: through the proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, also in lower case, otherwise directly. Node's own fetch supports these variables only from Node 24 on, and
 * only on request. Throws a ConfigError that names a variable that is not the URL of a proxy, but not its value, which may contain a password.
 */
export async function wayOut(environment: Environment = process.env): Promise<Way> {
  const httpsProxy = proxyOf('HTTPS_PROXY', environment);
  const httpProxy = proxyOf('HTTP_PROXY', environment);
  const proxies = [...new Set([httpsProxy, httpProxy].flatMap((url) => (url === undefined ? [] : [url.host])))];
  if (proxies.length === 0) return { fetch: (url, init) => fetch(url, init), proxies };
  const { EnvHttpProxyAgent, fetch: fetchBy } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    httpsProxy: httpsProxy?.href ?? '',
    httpProxy: httpProxy?.href ?? '',
    noProxy: variable('NO_PROXY', environment),
  });
  return { fetch: (url, init) => fetchBy(url, { ...init, dispatcher }), proxies };
}

function variable(name: string, environment: Environment): string {
  return (environment[name.toLowerCase()] ?? environment[name] ?? '').trim();
}

function proxyOf(name: string, environment: Environment): URL | undefined {
  const value = variable(name, environment);
  if (value === '') return undefined;
  // As in other programs, a host and a port are enough.
  const url = value.includes('://') ? value : `http://${value}`;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  throw new ConfigError(`The environment variable ${name} is not the URL of an HTTP proxy.`, {
    code: 'config_invalid',
    remedy: `Set ${name} to a URL such as http://proxy.example.com:3128, or unset it.`,
  });
}
