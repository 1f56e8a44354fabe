import { isIPv6 } from 'node:net';

/** The host as the resolver and sockets want it: an IPv6 address without the brackets that URLs put around it. */
export function hostOf({ host }: { readonly host: string }): string {
  const inside = /^\[(.*)\]$/.exec(host)?.[1];
  return inside !== undefined && isIPv6(inside) ? inside : host;
}

/** Host and port for people. */
export function addressText(config: { readonly host: string; readonly port: number }): string {
  const host = hostOf(config);
  return `${isIPv6(host) ? `[${host}]` : host}:${config.port}`;
}

/** What may be wrong with a host that no resolver knows, when it has more in it than a host; undefined when it looks like one. */
export function hostRemedy(host: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(host))
    return 'Enter only the host name; user, password, port and database have their own settings.';
  if (/^(?:\[.*\]|[^:]*):\d+$/.test(host)) return 'Enter only the host name, and the port as port.';
  return undefined;
}
