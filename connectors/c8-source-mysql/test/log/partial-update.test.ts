import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  configOf,
  connectTo,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  linesOf,
  sharedServer,
} from '../harness.ts';
import { eventsOf, loggedRows } from './logged-rows.ts';
import { packetsOf } from './own-log.ts';

const document = `{"a": 1, "b c": [1, [2, "é"], {"x": null}], "long": "${'x'.repeat(300)}", "é": {"k": true}, "q\\"": 1.5, "": 0, "list": [${'1000000, '.repeat(40)}0]}`;

const updates = [
  `json_set(j, '$.a', 2)`,
  `json_set(j, '$."b c"[1][0]', json_array(1, 'two', 3.25))`,
  `json_set(j, '$.added', cast('{"deep": [1, 2, {"er": 1}]}' as json))`,
  `json_set(j, '$."b c"[9]', 'appended')`,
  `json_replace(j, '$.é.k', false)`,
  `json_set(j, '$."q\\\\""', 2.5, '$."q\\\\"2"', x'00ff')`,
  `json_remove(j, '$.a')`,
  `json_remove(j, '$."b c"[0]', '$.é')`,
  `json_remove(json_set(j, '$.a', 'new', '$.b', 'x'), '$.long')`,
  `json_set(j, '$.""', 5)`,
  `json_set(j, '$.list[40]', 1, '$.list[0]', 'first')`,
  `json_set(j, '$', cast('[1]' as json))`,
  `json_set(j, '$.a', 1)`,
  `j`,
  `json_set(j, '$.a[0]', 7)`,
  `json_replace(j, '$.none', 1)`,
  `json_set(j, '$.時間', timestamp'2023-01-01 00:00:00.5')`,
];

describeServers('a partial update', (server) => {
  const isMySql = server === 'MySQL';

  test.runIf(isMySql)('gives the document that the table has', async () => {
    const login = await createDatabase(sharedServer(server), [
      'create table t (id int primary key, n int, j json, k json)',
    ]);
    await using client = await connectTo(login);
    await client.query(
      `insert into t values ${updates.map((_, id) => `(${id}, 1, ?, ?)`).join(', ')}`,
      updates.flatMap(() => [document, '[1]']),
    );
    const packets = await packetsOf(server, login, async () => {
      for (const [id, update] of updates.entries())
        await execute(
          login,
          'set binlog_row_value_options = PARTIAL_JSON',
          `update t set n = 2, j = ${update} where id = ${id}`,
        );
    });
    const config = configOf(login);
    const [table] = await discoverAll(config);
    if (table === undefined) throw new Error('no table');
    const logged = loggedRows(server, packets, [{ ...table, name: 't', database: login.database }]).get('t') ?? [];
    expect(logged.map(({ after }) => after)).toEqual(await linesOf(table, config));
    const partial = [...eventsOf(server, packets)].filter(({ type }) => type === 39);
    expect(partial).toHaveLength(updates.length);
  });

  test.runIf(isMySql)('gives it after any changes of any document', async () => {
    const login = await createDatabase(sharedServer(server), ['create table t (id int primary key, j json)']);
    const config = configOf(login);
    await using client = await connectTo(login);
    await client.query('set binlog_row_value_options = PARTIAL_JSON');
    const name = fc.constantFrom('a', 'b', 'cc', 'é', 'd d', '"');
    const value = fc.jsonValue({ maxDepth: 2 });
    const leg = fc.oneof(
      name.map((text) => `.${JSON.stringify(text)}`),
      fc.nat(3).map((index) => `[${index}]`),
    );
    const path = fc.array(leg, { minLength: 1, maxLength: 3 }).map((legs) => `$${legs.join('')}`);
    const inner = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, value, fc.dictionary(name, tie('node')), fc.array(tie('node'), { maxLength: 4 })),
    })).node;
    const change = fc.record({ call: fc.constantFrom('json_set', 'json_replace', 'json_remove'), path, value });
    const cases = fc.sample(
      fc.tuple(fc.dictionary(name, inner), fc.array(change, { minLength: 1, maxLength: 4 })),
      100,
    );
    const packets = await packetsOf(server, login, async () => {
      for (const [id, [before, changes]] of cases.entries()) {
        await client.query('insert into t values (?, ?)', [id, JSON.stringify(before)]);
        const values: unknown[] = [];
        const text = changes.reduce((inside, each) => {
          values.push(each.path, ...(each.call === 'json_remove' ? [] : [JSON.stringify(each.value)]));
          return `${each.call}(${inside}, ?${each.call === 'json_remove' ? '' : ', cast(? as json)'})`;
        }, 'j');
        await client.query(`update t set j = ${text} where id = ${id}`, values);
      }
    });
    const [table] = await discoverAll(config);
    if (table === undefined) throw new Error('no table');
    const latest = new Map<string, string>();
    for (const { after = '' } of loggedRows(server, packets, [{ ...table, name: 't', database: login.database }]).get(
      't',
    ) ?? [])
      latest.set(/^\{"id":(\d+)/.exec(after)?.[1] ?? '', after);
    expect([...latest.values()]).toEqual(await linesOf(table, config));
  });
});
