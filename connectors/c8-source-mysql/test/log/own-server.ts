import type { MySqlServer } from 'test-services';
import type { Login } from '../harness.ts';

export { ownServer } from './own-log.ts';

/** The login to a server, without its functions. */
export function loginOf({ host, port, user, password, database }: MySqlServer): Login {
  return { host, port, user, password, database };
}
