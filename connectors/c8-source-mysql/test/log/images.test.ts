import { expect, test } from 'vitest';
import { absentValue, nullValue, type RowText } from '../../c8_source_mysql/log/binlog/events.ts';
import { rowReader } from '../../c8_source_mysql/log/binlog/row-text.ts';
import { textColumn } from '../../c8_source_mysql/log/binlog/text-column.ts';
import { createDatabase, describeServers, execute, sharedServer } from '../harness.ts';
import { eventsOf } from './logged-rows.ts';
import { packetsOf } from './own-log.ts';

function valuesOf(row: RowText | undefined): readonly (string | undefined | null)[] | undefined {
  return (
    row &&
    Array.from(row.starts, (start, index) => {
      if (start === absentValue) return undefined;
      return start === nullValue ? null : Buffer.from(row.bytes.subarray(start, row.ends[index])).toString();
    })
  );
}

describeServers('a row image', (server) => {
  test('has only the columns that the server logged, and those that are wanted', async () => {
    const login = await createDatabase(sharedServer(server), [
      'create table t (id int primary key, a varchar(10), b int, c text, d datetime(3))',
      `insert into t values (1, 'a', 2, 'c', '2023-01-01'), (2, null, null, null, null)`,
    ]);
    const packets = await packetsOf(server, login, () =>
      execute(
        login,
        'set binlog_row_image = MINIMAL',
        `update t set c = 'new', d = null`,
        'delete from t',
        'insert into t (id, b) values (3, 4)',
      ),
    );
    const typeNames = ['int', 'varchar(10)', 'int', 'text', 'datetime(3)'];
    const rowsWithout = (skipped: number): unknown[] => {
      const found: unknown[] = [];
      let reader: ReturnType<typeof rowReader> | undefined;
      for (const event of eventsOf(server, packets)) {
        if (event.kind === 'table') {
          const columns = typeNames.map((typeName, index) =>
            index === skipped ? undefined : textColumn({ typeName, charset: 'utf8mb4' }),
          );
          // Other tests write to the log as well.
          const isOurs = event.table.database === login.database;
          reader = isOurs ? rowReader(event.table, columns, { flavour: server }) : undefined;
        }
        if (event.kind !== 'rows' || reader === undefined) continue;
        reader.begin(event);
        while (reader.next()) found.push([valuesOf(reader.before), valuesOf(reader.after)]);
      }
      return found;
    };
    const none = undefined;
    expect(rowsWithout(-1)).toEqual([
      [
        ['1', none, none, none, none],
        [none, none, none, 'new', null],
      ],
      [
        ['2', none, none, none, none],
        [none, none, none, 'new', null],
      ],
      [['1', none, none, none, none], none],
      [['2', none, none, none, none], none],
      [none, server === 'MySQL' ? ['3', none, '4', none, none] : expect.arrayContaining(['3', '4'])],
    ]);
    expect(rowsWithout(3)).toEqual(
      rowsWithout(-1).map((images) =>
        (images as (unknown[] | undefined)[]).map((image) =>
          image?.map((value, index) => (index === 3 ? none : value)),
        ),
      ),
    );
  });
});
