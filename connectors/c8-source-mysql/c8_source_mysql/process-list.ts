import type { Connection as Client } from 'mysql2';
import { ownQuery } from './own-query.ts';

/** A thread of the server. */
export interface Thread {
  readonly id: number;
  readonly user: string;
  /** What it does: `Query`, or `Sleep` while it waits for its client. */
  readonly command: string;
  /** Seconds for which it has done that; undefined for a thread of the server itself. */
  readonly seconds: number | undefined;
  readonly state: string;
  /** The beginning of its statement; '' when it runs none. */
  readonly statement: string;
}

interface ThreadRow {
  readonly Id: number | string;
  readonly User: string;
  readonly Command: string;
  readonly Time: number | string | null;
  readonly State: string | null;
  readonly Info: string | null;
}

/** The threads that the user may see: with PROCESS all of them. Not the table of information_schema, which MySQL cannot fill while a statement has a character such as an emoji. One query; errors are those of mysql2. */
export async function processList(client: Client): Promise<readonly Thread[]> {
  const rows = await ownQuery<ThreadRow>(client, 'show processlist');
  return rows.map(({ Id, User, Command, Time, State, Info }) => ({
    id: Number(Id),
    user: User,
    command: Command,
    seconds: Time === null ? undefined : Number(Time),
    state: State ?? '',
    statement: Info ?? '',
  }));
}
