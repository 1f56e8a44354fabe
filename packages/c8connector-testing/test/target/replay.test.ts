import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row, TargetConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';
import { programFile } from '../program-file.ts';

type Stored = Map<string, Row[]>;

/** Stores each batch as it comes, without waiting for its FLUSH. */
function storesAtOnce(stored: Stored): Pick<TargetConnector, 'write'> {
  return {
    async *write(messages) {
      for await (const message of messages) {
        if (message.type === 'RECORDS')
          stored.set(message.stream, [...(stored.get(message.stream) ?? []), ...message.rows()]);
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  };
}

test('69 finds nothing in a target that only adds rows, although some after the last state are stored twice', async () => {
  expect(await targetFindings((_honest, stored) => storesAtOnce(stored), { only: 69 })).toEqual([]);
});

test('69 finds rows that are lost because the state was yielded before they were stored', async () => {
  const [found] = await targetFindings(
    (_honest, stored) => ({
      async *write(messages) {
        const held: { readonly stream: string; readonly rows: readonly Row[] }[] = [];
        for await (const message of messages) {
          if (message.type === 'RECORDS') held.push({ stream: message.stream, rows: message.rows() });
          if (message.type === 'FLUSH') yield message.state;
        }
        for (const { stream, rows } of held) stored.set(stream, [...(stored.get(stream) ?? []), ...rows]);
      },
    }),
    { only: 69 },
  );
  expect(found).toMatch(/expected: \{"id":0,"name":"0 a"\} once after the replay\n {2}found: it is lost/);
});

test('69 finds rows that are stored twice although an upsert was promised', async () => {
  const [found] = await targetFindings((_honest, stored) => storesAtOnce(stored), { only: 69, loadMethod: 'upsert' });
  expect(found).toMatch(/expected: \{"id":4,"name":"2 a"\} once after the replay\n {2}found: 2 times/);
});

test('69 finds a recover that does not delete rows without a commit', async () => {
  const recover = async () => undefined;
  const [found] = await targetFindings((_honest, stored) => ({ ...storesAtOnce(stored), recover }), { only: 69 });
  expect(found).toMatch(/once after the replay\n {2}found: 2 times/);
});

test('69 finds a recover that returns a state beyond the stored rows', async () => {
  const recover: TargetConnector['recover'] = async ({ run }) => ({ bookmarks: { [run.unit]: { at: 3 } } });
  const [found] = await targetFindings((honest) => ({ write: honest.write.bind(honest), recover }), { only: 69 });
  expect(found).toMatch(/expected: \{"id":4,"name":"2 a"\} once after the replay\n {2}found: it is lost/);
});

test('69 finds a write that ends while its input is open', async () => {
  const [found] = await targetFindings(
    () => ({
      async *write(messages) {
        for await (const message of messages) {
          if (message.type !== 'FLUSH') continue;
          yield message.state;
          return;
        }
      },
    }),
    { only: 69 },
  );
  expect(found).toContain('expected: a write that continues while its input is open');
});

/** A program that keeps its rows in a file beside it; `atState` and `atEnd` are what it does then. */
function program(atState: string, atEnd: string): string {
  return `
    import { appendFileSync } from 'node:fs';
    import { createInterface } from 'node:readline';
    let rows = [];
    const store = () => { for (const row of rows) appendFileSync(new URL('rows', import.meta.url), row + '\\n'); rows = []; };
    let state;
    const print = () => { if (state) console.log(JSON.stringify(state)); state = undefined; };
    for await (const line of createInterface({ input: process.stdin })) {
      const message = JSON.parse(line);
      if (message.type === 'RECORD') rows.push(JSON.stringify([message.stream, message.record]));
      if (message.type !== 'STATE') continue;
      state = message.value;
      ${atState}
    }
    ${atEnd}`;
}

test.each([
  ['prints a state before its rows are stored', program('print();', 'store();'), 'found: it is lost'],
  ['stores its rows and then prints', program('store(); print();', 'store(); print();'), undefined],
])('69 reports a program that %s', async (_name, code, expected) => {
  await using file = await programFile(code);
  const stored: Stored = new Map();
  const readBack = (stream: string): Row[] => {
    const path = join(file.folder, 'rows');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
    const kept = lines.map((line) => JSON.parse(line) as [string, Row]);
    return [...(stored.get(stream) ?? []), ...kept.filter(([name]) => name === stream).map(([, row]) => row)];
  };
  const findings = await targetFindings(() => storesAtOnce(stored), { only: 69, program: file.program, readBack });
  expect(findings).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
});
