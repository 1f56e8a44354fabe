import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo, createDatabase, type Login } from '../harness.ts';
import type { Random } from '../log/changing-table.ts';

/** The number of accounts, and the initial balance of each. */
export const accounts = 50;
export const balance = 100;

/** A database with accounts, and a row for each transfer between two of them. */
export async function bankDatabase(): Promise<Login> {
  return await createDatabase(`
    create table accounts (id int primary key, balance int not null);
    create table transfers (id serial primary key, amount int not null);
    insert into accounts select id, ${balance} from generate_series(1, ${accounts}) id`);
}

/** A writer that transfers amounts all the time, each in its own transaction. */
export interface Clerks {
  /** Transfers that were committed. */
  readonly committed: () => number;
  end(): Promise<void>;
}

/** Three writers, which pause for at most this many milliseconds; now and then one rolls back to a savepoint, or the whole transaction. */
export function clerks(login: Login, random: Random, pause: number): Clerks {
  let isEnding = false;
  let committed = 0;

  async function work(): Promise<void> {
    await using client = await connectTo(login);
    await client.query('set synchronous_commit = on');
    while (!isEnding) {
      const [from, to, amount] = [1 + random(accounts), 1 + random(accounts), 1 + random(9)];
      const mind = random(10);
      // In the order of the keys, so that no two wait for each other.
      const changes =
        from < to
          ? [[from, -amount] as const, [to, amount] as const]
          : [[to, amount] as const, [from, -amount] as const];
      const transfer = [
        `insert into transfers (amount) values (${amount})`,
        ...changes.map(([id, change]) => `update accounts set balance = balance + ${change} where id = ${id}`),
      ];
      const withdrawn =
        mind === 0
          ? [`savepoint s`, `update accounts set balance = 0 where id = ${Math.max(from, to)}`, 'rollback to s']
          : [];
      await client.query(['begin', ...transfer, ...withdrawn, mind === 1 ? 'rollback' : 'commit'].join(';'));
      if (mind !== 1) committed += 1;
      await sleep(random(1 + pause));
    }
  }

  const worked = Promise.all([work(), work(), work()]);
  // Awaited at the end.
  worked.catch(() => undefined);
  return {
    committed: () => committed,
    async end() {
      isEnding = true;
      await worked;
    },
  };
}
