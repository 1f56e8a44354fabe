import { isIPv6 } from 'node:net';

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string;
  /** 0 if `host` is the path of a Unix socket, which has no port. */
  readonly port: number;
}

/** The host in the form that the resolver and sockets accept: an IPv6 address without the brackets of a URL. */
export function hostOf({ host }: Pick<ServerAddress, 'host'>): string {
  const inside = /^\[(.*)\]$/.exec(host)?.[1];
  return inside !== undefined && isIPv6(inside) ? inside : host;
}

/** Host and port for people. */
export function addressText(server: ServerAddress): string {
  const host = hostOf(server);
  if (server.port === 0) return host;
  return `${isIPv6(host) ? `[${host}]` : host}:${server.port}`;
}

/** What may be wrong with a host that cannot be resolved and is more than a host name; undefined when it looks like a host name. */
export function hostRemedy(host: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(host))
    return 'Enter only the host name; user, password, port and database have their own settings.';
  if (/^(?:\[.*\]|[^:]*):\d+$/.test(host)) return 'Enter only the host name, and the port as port.';
  return undefined;
}
