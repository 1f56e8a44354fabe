import { Decimal, type Row, type Value } from 'c8connector';
import { expect, test } from 'vitest';
import { memoryTarget } from '../../../../c8connector/test/fixtures/memory-target.ts';
import { runCheck, targetContext } from '../../../src/index.ts';
import { recordMessages, schemaMessage, types } from '../../../src/target/cases/target-case.ts';
import { caseCheck } from '../../../src/target/cases/target-cases.ts';
import { targetFindings } from '../../findings.ts';
import { type Change, changedRows } from '../changed-rows.ts';

/** The numbers of the checks that a changed value breaks. */
async function brokenBy(change: (value: Value, column: string) => Value): Promise<(string | undefined)[]> {
  return await brokenByRows(
    () => (rows) =>
      rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value, name)]))),
  );
}

async function brokenByRows(change: () => Change): Promise<(string | undefined)[]> {
  const findings = await targetFindings((honest) => changedRows(honest, change));
  for (const finding of findings)
    expect(finding).toMatch(
      /^\d+ \w+: .*\n {2}expected: \d+ rows read back from '\w+', as they were sent\n {2}found: \d+ rows: .*\n {2}look at: /s,
    );
  return findings.map((finding) => finding.split(' ')[0]);
}

function renamed(row: Row, rename: (name: string) => string): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [rename(name), value]));
}

test('52 finds arrays that lose an item', async () => {
  expect(
    await brokenBy((value, column) => (column === 'grid' && Array.isArray(value) ? value.slice(1) : value)),
  ).toEqual(['52']);
});

test('53 finds names that lose their capitals', async () => {
  expect(
    await brokenByRows(
      () => (rows) => rows.map((row) => renamed(row, (name) => (name === 'HTTPPort' ? 'httpport' : name))),
    ),
  ).toEqual(['53']);
});

test('54 finds nested names that lose their capitals', async () => {
  const lowered = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(lowered);
    if (typeof value !== 'object' || value === null || value instanceof Decimal) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), lowered(member)]));
  };
  expect(await brokenBy(lowered)).toEqual(['54']);
});

test('55 finds a duplicate that is left out', async () => {
  expect(
    await brokenByRows(
      () =>
        (rows, { stream }) =>
          stream.startsWith('duplicate') ? rows.slice(1) : rows,
    ),
  ).toEqual(['55']);
});

test('55, 60, 70, 100 and 103 find a target that adds rows though it promised to replace them', async () => {
  const findings = await targetFindings(() => ({}), { loadMethod: 'upsert' });
  expect(findings.map((finding) => finding.split(' ')[0])).toEqual(['55', '60', '70', '100', '103']);
});

test('56 finds texts that are trimmed', async () => {
  expect(await brokenBy((value) => (typeof value === 'string' ? value.trim() : value))).toEqual(['56']);
});

test('56 finds texts that are normalised', async () => {
  expect(await brokenBy((value) => (typeof value === 'string' ? value.normalize('NFC') : value))).toEqual(['56']);
});

test('58 finds equal rows that become one', async () => {
  expect(
    await brokenByRows(() => (rows) => [
      ...new Map(
        rows.map((row) => [
          JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
          row,
        ]),
      ).values(),
    ]),
  ).toEqual(['58']);
});

test('59 finds decimals that went through a double', async () => {
  expect(await brokenBy((value) => (value instanceof Decimal ? Number(value.text) : value))).toEqual(['59']);
});

test('52 and 59 find integers that went through a double', async () => {
  const rounded = (value: Value): Value =>
    Array.isArray(value) ? value.map(rounded) : typeof value === 'bigint' ? Number(value) : value;
  expect(await brokenBy(rounded)).toEqual(['52', '59']);
});

test('60 finds that only the first batch is stored', async () => {
  const seen = new Set<string>();
  const once: Change = (rows, { stream }) => {
    if (!stream.startsWith('pk_updates')) return rows;
    const isFirst = !seen.has(stream);
    seen.add(stream);
    return isFirst ? rows : [];
  };
  expect(await brokenByRows(() => once)).toEqual(['60']);
});

test('63 finds columns that are filled though they were absent', async () => {
  expect(
    await brokenByRows(
      () => (rows) =>
        rows.map((row) =>
          'id' in row && Object.keys(row).length === 2 && 'amount' in row ? { ...row, name: '' } : row,
        ),
    ),
  ).toContain('63');
});

test('65 finds records of a SCHEMA without columns that are stored empty', async () => {
  expect(
    await brokenByRows(
      () =>
        (rows, { schema }) =>
          Object.keys(schema.properties).length === 0 ? rows.map(() => ({})) : rows,
    ),
  ).toEqual(['65']);
});

test('66 finds that the columns of the first SCHEMA are never replaced', async () => {
  const known = new Map<string, readonly string[]>();
  const narrowed: Change = (rows, { stream, schema }) => {
    if (Object.keys(schema.properties).length === 0) return rows;
    const columns = known.get(stream) ?? Object.keys(schema.properties);
    known.set(stream, columns);
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => columns.includes(name))));
  };
  expect(await brokenByRows(() => narrowed)).toEqual(['66']);
});

test('67 finds names whose special characters are replaced', async () => {
  expect(
    await brokenByRows(
      () => (rows) => rows.map((row) => renamed(row, (name) => name.replaceAll(/[^\p{L}\p{N}_]/gu, '_'))),
    ),
  ).toEqual(['67']);
});

const refusedCase = {
  number: 62,
  title: 'record_missing_key_property: refused',
  where: 'here',
  name: 'refused',
  stored: [],
  refusedWith: ['record_invalid'],
};

test.each([
  ['that broken input is accepted', [{ id: 1 }], 'expected: an error record_invalid\n  found: it was accepted'],
  ['another error than the one of the case', [{ id: 1 }, 7], 'found: ProtocolError line_invalid: line 3'],
])('57, 61, 62 and 64 find %s', async (_name, rows, found) => {
  const stored = new Map<string, Row[]>();
  const context = targetContext({
    connector: memoryTarget(stored),
    config: { password: 'open sesame' },
    readBack: () => [],
  });
  const messages = (stream: string) => [
    schemaMessage(stream, { id: types.id }),
    ...recordMessages(stream, rows as unknown as Row[]),
  ];
  await expect(runCheck(caseCheck({ ...refusedCase, messages }), context)).rejects.toThrow(found);
});

test('62 and 64 find that the rows before the refused one are lost', async () => {
  const findings = await targetFindings((honest) =>
    changedRows(
      honest,
      () =>
        (rows, { stream }) =>
          /^record_missing_(key|required)/.test(stream) ? [] : rows,
    ),
  );
  expect(findings.map((finding) => finding.split(' ')[0])).toEqual(['62', '64']);
});

test('every case finds that the last state is not acknowledged', async () => {
  const findings = await targetFindings((honest) => ({
    async *write(messages, request) {
      for await (const state of honest.write(messages, request)) if (state !== undefined) yield { ...state };
    },
  }));
  expect(findings.find((finding) => finding.startsWith('52 '))).toContain(
    'found: ConnectorError contract_broken: c8-target-memory: write() yielded another state',
  );
});
