import type { Client } from 'pg';
import { ownQuery } from '../own-query.ts';
import { quoted } from './names.ts';

/** The comment on a publication that the source created. */
const mark = 'Made by c8-source-postgres';

/** The statement that marks a publication as created by the source. */
export function markText(name: string): string {
  return `COMMENT ON PUBLICATION ${quoted(name)} IS '${mark}'`;
}

/** What decides whether a publication may be dropped. */
export interface MarkedPublication {
  /** Whether the source created it. */
  readonly isOurs: boolean;
  /** Whether the role may drop it. */
  readonly isOwned: boolean;
}

const markQuery = `
select coalesce(pg_catalog.obj_description(p.oid, 'pg_publication') = $2, false) as "isOurs",
  pg_catalog.pg_has_role(p.pubowner, 'USAGE') as "isOwned"
from pg_catalog.pg_publication p where p.pubname = $1`;

/** Whether the source created the publication and the role may drop it; undefined if there is no publication. */
export async function findMarked(client: Client, name: string): Promise<MarkedPublication | undefined> {
  const [row] = await ownQuery<MarkedPublication>(client, markQuery, [name, mark]);
  return row;
}
