import type { Connection as Client } from 'mysql2';
import { ownQuery } from './own-query.ts';

/** What the statements and the log of a server depend on. */
export interface Server {
  readonly flavour: 'MySQL' | 'MariaDB';
  /** Major and minor version as a number: 9.07 for 9.7.4, 10.11 for 10.11.19. */
  readonly version: number;
}

/** Describes the server, after the login. Errors are those of mysql2. */
export async function describeServer(client: Client): Promise<Server> {
  const [row] = await ownQuery<{ version: string; comment: string }>(
    client,
    'select @@version as version, @@version_comment as comment',
  );
  const { version = '', comment = '' } = row ?? {};
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return {
    flavour: /mariadb/i.test(`${version} ${comment}`) ? 'MariaDB' : 'MySQL',
    version: Number(major) + Number(minor) / 100,
  };
}
