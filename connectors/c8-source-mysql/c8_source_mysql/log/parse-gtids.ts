import type { Server } from '../server.ts';
import { parseGtidPosition } from './gtid-position.ts';
import { parseGtidSet } from './gtid-set.ts';
import type { Gtids } from './gtids.ts';

/** Reads what the server calls a GTID set (MySQL) or a GTID position (MariaDB); undefined for a text of another form. */
export function parseGtids(text: string, flavour: Server['flavour']): Gtids | undefined {
  return flavour === 'MySQL' ? parseGtidSet(text) : parseGtidPosition(text);
}
