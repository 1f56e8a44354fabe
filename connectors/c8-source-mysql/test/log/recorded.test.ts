import { describe, expect, test } from 'vitest';
import { describeServers, type ServerName } from '../harness.ts';
import { changeTables, forms } from './changed-tables.ts';
import { eventsOf, loggedRows } from './logged-rows.ts';
import { ownServer } from './own-log.ts';
import { loadRecording, recordings, saveRecording } from './recordings.ts';
import { type TestTable, testTables } from './tables.ts';

describe('a recorded log', () => {
  test.each(recordings)('has the rows that the tables had: %s', (name) => {
    const { server, packets, tables } = loadRecording(name);
    const logged = loggedRows(server, packets, tables);
    for (const { name: table, inserted, updated } of tables) {
      expect
        .soft(logged.get(table), table)
        .toEqual([
          ...inserted.map((after) => ({ operation: 'insert', before: undefined, after })),
          ...inserted.map((before, index) => ({ operation: 'update', before, after: updated[index] })),
          ...updated.map((before) => ({ operation: 'delete', before, after: undefined })),
        ]);
    }
    expect(tables.length).toBeGreaterThan(10);
  });

  test.each(recordings)('has the events that the server logged: %s', (name) => {
    const { server, packets, events } = loadRecording(name);
    expect(otherEvents(server, packets)).toEqual(events);
    expect(events.length).toBeGreaterThan(10);
  });
});

/** With C8_RECORD=1, records again what the installed servers log. */
describeServers('a recording', (server) => {
  test.runIf(process.env.C8_RECORD === '1')(
    'is made',
    async () => {
      await using own = await ownServer(server);
      const [plain, compressed] = [forms[server][0], forms[server].at(-1)];
      if (plain === undefined || compressed === undefined) throw new Error('no forms');
      const tables = testTables(server).flatMap(small);
      const name = server === 'MariaDB' ? 'mariadb' : 'mysql';
      const changes = await changeTables(server, own, plain, tables, transactions[server]);
      saveRecording(name, { server, ...changes, events: otherEvents(server, changes.packets) });
      const less = await changeTables(server, own, compressed, tables, transactions[server]);
      saveRecording(`${name}-compressed`, { server, ...less, events: otherEvents(server, less.packets) });
    },
    60_000,
  );
});

/** The table without its large rows, if there are others. */
function small(table: TestTable): readonly TestTable[] {
  const rows = table.rows.filter((row) => !/repeat\(.*, \d{4,}\)/.test(row));
  return table.create.length > 5000 && table.name.startsWith('sparse') ? [] : [{ ...table, rows }];
}

const xa = [
  'create table other (a int primary key)',
  `xa start 'x1','b'`,
  `insert into other values (1)`,
  `xa end 'x1','b'`,
  `xa prepare 'x1','b'`,
  `xa commit 'x1','b'`,
];

/** Statements whose events are not about rows. */
const transactions: Readonly<Record<ServerName, readonly string[]>> = {
  MariaDB: [
    ...xa,
    'create table plain (a int) engine MyISAM',
    'insert into plain values (1)',
    'truncate other',
    'flush binary logs',
  ],
  MySQL: [
    ...xa,
    `set gtid_next = 'automatic:nightly'`,
    'insert into other values (2)',
    `set gtid_next = 'automatic'`,
    'truncate other',
    'flush binary logs',
  ],
};

/** The events that are not about rows, as JSON has them. */
function otherEvents(server: ServerName, packets: readonly Uint8Array[]): readonly unknown[] {
  const events = [...eventsOf(server, packets)].map((event) => {
    if (event.kind === 'rows') return { type: event.type, kind: event.kind, operation: event.rows.operation };
    return event.kind === 'table' ? { type: event.type, kind: event.kind, table: event.table.name } : event;
  });
  return JSON.parse(JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
}
