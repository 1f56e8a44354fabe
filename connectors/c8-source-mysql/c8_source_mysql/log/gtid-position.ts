import type { Gtids } from './gtids.ts';

/** The last transaction of a domain. */
interface Last {
  readonly server: string;
  readonly sequence: bigint;
}

const form = /^(\d+)-(\d+)-(\d+)$/;

/** Reads a GTID position of MariaDB, `0-1-5,2-1-7`: everything up to the last transaction of each domain. Undefined for a text of another form. */
export function parseGtidPosition(text: string): Gtids | undefined {
  const domains = new Map<string, Last>();
  for (const part of text.replace(/\s+/g, '').split(',')) {
    if (part === '') continue;
    const [, domain, server, sequence] = form.exec(part) ?? [];
    if (domain === undefined || server === undefined || sequence === undefined) return undefined;
    domains.set(domain, { server, sequence: BigInt(sequence) });
  }
  let known: string | undefined;
  return {
    has(gtid) {
      const [, domain = '', , sequence = ''] = form.exec(gtid) ?? [];
      return BigInt(sequence) <= (domains.get(domain)?.sequence ?? -1n);
    },
    add(gtid) {
      const [, domain = '', server = '', sequence = ''] = form.exec(gtid) ?? [];
      domains.set(domain, { server, sequence: BigInt(sequence) });
      known = undefined;
    },
    includes(other) {
      return other.split(',').every((gtid) => gtid === '' || this.has(gtid));
    },
    text() {
      known ??= [...domains].map(([domain, { server, sequence }]) => `${domain}-${server}-${sequence}`).join(',');
      return known;
    },
  };
}

/** The lower one of each domain that all these positions have. */
export function lowestPosition(texts: readonly string[]): string {
  const all = texts.map((text) => text.split(',').filter((gtid) => gtid !== ''));
  const lowest = new Map<string, string>();
  for (const gtid of all.flat()) {
    const [, domain = '', , sequence = ''] = form.exec(gtid) ?? [];
    const isEverywhere = all.every((gtids) => gtids.some((other) => other.startsWith(`${domain}-`)));
    const [, , , before] = form.exec(lowest.get(domain) ?? '') ?? [];
    if (isEverywhere && (before === undefined || BigInt(sequence) < BigInt(before))) lowest.set(domain, gtid);
  }
  return [...lowest.values()].join(',');
}

/**
 * Why a server with this `gtid_binlog_state`, which has the last transaction of each server in each domain, lacks what comes after a position; undefined if it seems to have it.
 */
export function missingFromState(position: string, state: string): string | undefined {
  const entries = state.split(',').flatMap((text) => {
    const [, domain, server, sequence] = form.exec(text.trim()) ?? [];
    return domain === undefined ? [] : [{ domain, server, sequence: BigInt(sequence ?? 0) }];
  });
  for (const gtid of position.split(',').filter((text) => text !== '')) {
    const [, domain, server, sequence] = form.exec(gtid) ?? [];
    const ofDomain = entries.filter((entry) => entry.domain === domain);
    if (ofDomain.length === 0) return `its log has nothing of the domain of ${gtid}`;
    const same = ofDomain.filter((entry) => entry.server === server);
    const relevant = same.length > 0 ? same : ofDomain;
    if (relevant.every((entry) => entry.sequence < BigInt(sequence ?? 0))) return `its log does not contain ${gtid}`;
  }
  return undefined;
}
