import type { Row, TargetConnector, TargetMessage, Value } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../../findings.ts';
import { type Change, changedRows } from '../changed-rows.ts';

async function brokenBy(change: () => Change, only?: number): Promise<string[]> {
  return await targetFindings((honest) => changedRows(honest, change), only === undefined ? {} : { only });
}

function eachValue(change: (value: Value, column: string) => Value): () => Change {
  return () => (rows) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value, name)])));
}

function numbers(findings: readonly string[]): (string | undefined)[] {
  return findings.map((finding) => finding.split(' ')[0]);
}

test('54 finds a column that loses values that are not objects', async () => {
  const found = await brokenBy(
    eachValue((value, column) => (column === 'value' && typeof value !== 'object' ? null : value)),
  );
  expect(numbers(found)).toEqual(['54']);
  expect(found[0]).toContain("'drifting_column_");
});

test('56 finds empty texts that become null', async () => {
  expect(numbers(await brokenBy(eachValue((value) => (value === '' ? null : value))))).toEqual(['56']);
});

test('56 finds long texts that are cut', async () => {
  const found = await brokenBy(eachValue((value) => (typeof value === 'string' ? value.slice(0, 65_535) : value)));
  expect(numbers(found)).toEqual(['56']);
  expect(found[0]).toContain("'large_value_");
});

test('58 finds that rows of one column are treated as deletes', async () => {
  const [found] = await brokenBy(() => (rows) => rows.filter((row) => Object.keys(row).length > 1), 58);
  expect(found).toContain("'one_column_");
});

test('59 finds wide rows that lose columns', async () => {
  const found = await brokenBy(
    () => (rows) => rows.map((row) => Object.fromEntries(Object.entries(row).slice(0, 256))),
  );
  expect(numbers(found)).toEqual(['59']);
  expect(found[0]).toContain("'wide_rows_");
});

test('66 finds that a column without values in its first batch has none later', async () => {
  const known = new Map<string, readonly string[]>();
  const found = await brokenBy(() => (rows, { stream }) => {
    const empty =
      known.get(stream) ??
      Object.keys(rows[0] ?? {}).filter((name) => rows.every((row) => (row[name] ?? null) === null));
    known.set(stream, empty);
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !empty.includes(name))));
  });
  expect(numbers(found)).toEqual(['66']);
  expect(found[0]).toContain("'null_columns_");
});

test('66 finds flushes of one moment that overwrite each other', async () => {
  const objects = new Map<string, Row[]>();
  const [found] = await targetFindings(
    () => ({
      async *write(messages) {
        const open = new Map<string, Row[]>();
        for await (const message of messages) {
          if (message.type === 'RECORDS') {
            const name = `${message.stream}|${Object.keys(message.schema.properties).join()}`;
            open.set(name, [...(open.get(name) ?? []), ...message.rows()]);
          }
          if (message.type !== 'FLUSH') continue;
          for (const [name, rows] of open) objects.set(name, rows);
          open.clear();
          yield message.state;
        }
      },
    }),
    {
      only: 66,
      readBack: (stream) => [...objects].flatMap(([name, rows]) => (name.startsWith(`${stream}|`) ? rows : [])),
    },
  );
  expect(found).toContain("'back_and_forth_");
});

/** Keeps streams under other names than their own. */
function renamedStreams(rename: (stream: string) => string) {
  let kept = new Map<string, Row[]>();
  const broken = (honest: TargetConnector, stored: Map<string, Row[]>): Partial<TargetConnector> => {
    kept = stored;
    return {
      write(messages, request) {
        async function* renamed(): AsyncGenerator<TargetMessage> {
          for await (const message of messages) {
            if (message.type === 'RECORDS') yield Object.assign(message, { stream: rename(message.stream) });
            else yield message;
          }
        }
        return honest.write(renamed(), request);
      },
    };
  };
  return { broken, readBack: (stream: string) => kept.get(rename(stream)) ?? [] };
}

test.each([
  ['whose signs are replaced', (stream: string) => stream.replaceAll(/[^A-Za-z0-9]/g, '_')],
  ['that are resolved like paths', (stream: string) => new URL(`file:///${stream}`).pathname],
  ['that are cut', (stream: string) => stream.slice(0, 63)],
])('67 finds names of streams %s', async (_name, rename) => {
  const { broken, readBack } = renamedStreams(rename);
  const found = await targetFindings(broken, { readBack });
  expect(numbers(found)).toEqual(['67']);
  expect(found[0]).toContain('one row read back from the stream');
});
