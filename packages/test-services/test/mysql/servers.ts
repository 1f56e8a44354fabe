import { describe, it } from 'vitest';
import { missingMariaDb, missingMySql } from '../../src/mysql/installation.ts';
import { startMariaDb, startMySql } from '../../src/mysql/server.ts';

const kinds = [
  { name: 'MariaDB', start: startMariaDb, missing: missingMariaDb() },
  { name: 'MySQL', start: startMySql, missing: missingMySql() },
] as const;

/** Describes the servers of both kinds; one that cannot be started here is skipped with the reason. */
export function describeServers(title: (name: string) => string, tests: (kind: (typeof kinds)[number]) => void): void {
  for (const kind of kinds) {
    const { name, missing } = kind;
    describe(title(name), () => {
      if (missing === undefined) tests(kind);
      else it('is started for tests', ({ skip }) => skip(missing));
    });
  }
}
