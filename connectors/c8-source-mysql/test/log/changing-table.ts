import { connectTo, type Login } from '../harness.ts';

/** Random integers from a seed, so that a failure can be reproduced: from 0 to below the bound. */
export type Random = (bound: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** A table `t` (id, a) that a writer changes all the time. */
export interface ChangingTable extends AsyncDisposable {
  /** Number of changes in the log: a change of the key counts twice. */
  readonly changes: number;
  /** Stops the changes, and returns the rows of the table. */
  finish(): Promise<ReadonlyMap<number, string>>;
}

/** Commits transactions of one to many changes, one after the other, until `finish`. New rows have ids from `first` on. */
export async function changeTable(login: Login, random: Random, first = 1): Promise<ChangingTable> {
  const client = await connectTo(login);
  const ids: number[] = [];
  let next = first;
  let changes = 0;
  let isOver = false;

  function statement(): string {
    const kind = ids.length < 5 ? 0 : random(6);
    changes += 1;
    const index = random(ids.length);
    const id = ids[index];
    if (kind < 3) {
      ids.push(next);
      return `insert into t values (${next++}, 'row ${changes}')`;
    }
    if (kind === 3) return `update t set a = 'changed ${changes}' where id = ${id}`;
    if (kind === 4) {
      ids.splice(index, 1);
      return `delete from t where id = ${id}`;
    }
    changes += 1;
    ids[index] = next;
    return `update t set id = ${next++} where id = ${id}`;
  }

  async function work(): Promise<void> {
    for (let transaction = 0; !isOver; transaction++) {
      const size = random(8) === 0 ? 200 : 1 + random(5);
      const statements = Array.from({ length: size }, statement);
      const isXa = random(10) === 0;
      const xid = `'${login.database}','${first} ${transaction}'`;
      const [before, after] = isXa
        ? [[`xa start ${xid}`], [`xa end ${xid}`, `xa prepare ${xid}`, `xa commit ${xid}`]]
        : [['begin'], ['commit']];
      for (const sql of [...before, ...statements, ...after]) await client.query(sql);
    }
  }

  const working = work();
  // Awaited at the end.
  working.catch(() => undefined);
  return {
    get changes() {
      return changes;
    },
    async finish() {
      isOver = true;
      await working;
      const rows = (await client.query('select id, a from t order by id')) as { id: number; a: string }[];
      return new Map(rows.map(({ id, a }) => [id, a]));
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await working;
      await client[Symbol.asyncDispose]();
    },
  };
}
