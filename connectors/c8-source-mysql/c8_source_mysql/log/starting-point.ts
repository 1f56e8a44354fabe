import { invalidAnswer } from 'c8connector-sql';
import { lowestPosition } from './gtid-position.ts';
import { commonGtids, type GtidSet, parseGtidSet } from './gtid-set.ts';
import type { Gtids } from './gtids.ts';
import { parseGtids } from './parse-gtids.ts';
import { isBehind, type Position } from './position.ts';
import type { ServerLog } from './server-log.ts';
import type { DumpStart } from './start-dump.ts';
import type { Order } from './stream-positions.ts';

/** From where a log is read for all streams. */
export interface StartingPoint {
  readonly from: Position;
  /** The transactions that no stream needs; undefined without GTIDs. */
  readonly gtids: Gtids | undefined;
  readonly start: DumpStart;
}

/** The lowest of these positions, which are not lost. */
export function startingPoint(
  positions: readonly Position[],
  order: Order,
  { flavour, identity }: ServerLog,
): StartingPoint {
  const [first, ...others] = positions;
  if (first === undefined) throw invalidAnswer('no stream has a position');
  const least = others.reduce((lowest, other) => (isBehind(lowest, other) ? other : lowest), first);
  const prepared = [
    ...new Map(positions.flatMap((each) => each.prepared ?? []).map((each) => [each.xid, each])).values(),
  ];
  const common = order === 'gtids' ? commonText(positions, flavour) : least.gtid;
  const gtids = common === undefined ? undefined : parseGtids(common, flavour);
  return {
    // By GTIDs, the transaction may be at another place, and is then read from its beginning.
    from: { ...least, ...(order === 'gtids' && { change: 0 }), server: identity, gtid: common, prepared },
    gtids,
    start: order === 'gtids' && common !== undefined ? { gtids: common } : { file: least.file, pos: least.pos },
  };
}

function commonText(positions: readonly Position[], flavour: ServerLog['flavour']): string {
  const texts = positions.map(({ gtid }) => gtid ?? '');
  if (flavour === 'MariaDB') return lowestPosition(texts);
  const sets = texts.map((text) => parseGtidSet(text)).filter((set): set is GtidSet => set !== undefined);
  return commonGtids(sets).text();
}
