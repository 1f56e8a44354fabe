// Takes about 15 s.
import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeServers } from '../harness.ts';
import { changeTables, forms } from './changed-tables.ts';
import { eventsOf, loggedRows, type Operation } from './logged-rows.ts';
import { ownServer } from './own-log.ts';
import { testTables } from './tables.ts';

describeServers('a value in the log', (server) => {
  let own: MySqlServer;
  beforeAll(async () => {
    own = await ownServer(server);
  }, 60_000);
  afterAll(async () => await own.stop());

  for (const form of forms[server]) {
    test(`is the same as in a copy of the table, ${form.title}`, async () => {
      const { tables, packets } = await changeTables(server, own, form, testTables(server));
      const logged = loggedRows(server, packets, tables);
      const events = [...eventsOf(server, packets)];
      const columns = events.flatMap((event) => (event.kind === 'table' ? event.table.columns : []));
      if (form.eventType !== undefined) expect(events.map(({ type }) => type)).toContain(form.eventType);
      if (form.columnType !== undefined) expect(columns.map(({ type }) => type)).toContain(form.columnType);
      for (const { name, inserted, updated } of tables) {
        const of = (operation: Operation) => logged.get(name)?.filter((row) => row.operation === operation);
        expect
          .soft(
            of('insert')?.map(({ after }) => after),
            name,
          )
          .toEqual(inserted);
        expect
          .soft(
            of('update')?.map(({ before }) => before),
            name,
          )
          .toEqual(inserted);
        expect
          .soft(
            of('update')?.map(({ after }) => after),
            name,
          )
          .toEqual(updated);
        expect
          .soft(
            of('delete')?.map(({ before }) => before),
            name,
          )
          .toEqual(updated);
        expect.soft(inserted.length, name).toBeGreaterThan(0);
      }
    }, 60_000);
  }
});
