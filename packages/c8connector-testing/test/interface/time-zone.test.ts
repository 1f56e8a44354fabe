import { Decimal, type Row, type Value } from 'c8connector';
import { expect, test } from 'vitest';
import { sourceFindings, targetFindings } from '../findings.ts';
import { findings, withRows } from '../source/broken-source.ts';
import { changedRows } from '../target/changed-rows.ts';

const isDate = (value: Value): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value);

/** As drivers do that make a Date of what has no zone. */
function throughLocalTime(value: Value): Value {
  if (!isDate(value)) return value;
  return new Date(value.replace(/(Z|[+-]\d\d:?\d\d)$/, '')).toISOString();
}

/** As who makes a date of the time of this machine. */
function localDay(value: Value): Value {
  if (!isDate(value) || value.length > 10) return value;
  const day = new Date(value);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
}

function mapped(row: Row, change: (value: Value) => Value): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Decimal ? value : change(value)]),
  );
}

test.each([
  ['times without a zone in the time of the machine', throughLocalTime],
  ['a day of the machine for that of a date', (value: Value) => (isDate(value) ? localDay(value.slice(0, 10)) : value)],
])('108 finds a source that gives %s', async (_name, change) => {
  const found = await findings(108, {
    change: async function* (messages) {
      for await (const message of messages)
        yield message.type === 'RECORDS' ? withRows(message, (row) => mapped(row, change)) : message;
    },
  });
  expect(found).toEqual([
    expect.stringMatching(
      /^108 .*stream 'numbers': the same rows on a machine in .*found: 11 of 11 are others, such as/s,
    ),
  ]);
});

test('108 and nothing else finds a target that stores the day of the machine for that of a date', async () => {
  const found = await targetFindings((honest) =>
    changedRows(honest, () => (rows) => rows.map((row) => mapped(row, localDay))),
  );
  expect(found).toEqual([
    expect.stringMatching(/^108 .*dates and times as they were sent, on a machine in Pacific\/Pago_Pago/s),
  ]);
});

test('108 leaves the time zone of the machine as it was', async () => {
  const before = [process.env.TZ, new Date(0).getTimezoneOffset()];
  expect(await sourceFindings(() => ({}), { only: 108 })).toEqual([]);
  expect([process.env.TZ, new Date(0).getTimezoneOffset()]).toEqual(before);
});
