import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LogMessage, pgoutputDecoder } from '../../c8_source_postgres/log/pgoutput.ts';
import type { Tuple } from '../../c8_source_postgres/log/tuple.ts';

/** The messages that PostgreSQL 18 wrote for one transaction. */
const recorded = {
  begin: '4200000000017571980003045e76388284000002f2',
  type: '59000040017075626c6963006d6f6f6400',
  relation:
    '52000040037075626c69630074006400040169640000000017ffffffff006e616d65000000041300000018006269670000000019ffffffff006d0000004001ffffffff',
  insert: '49000040034e00047400000001317400000002c3a97400000001787400000001' + '61',
  insertOfNulls: '49000040034e00047400000001326e6e6e',
  update: '55000040034e000474000000013174000000016e75740000000161',
  updateOfKey: '55000040034b00047400000001326e6e6e4e00047400000001336e6e6e',
  updateOfWhole: '550000400b4f00027400000001317400000001784e00027400000001316e',
  delete: '44000040034b00047400000001336e6e6e',
  truncate: '540000000200000040030000400b',
  commit: '4300000000000175719800000000017573d80003045e76388284',
} as const;

const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** The values of a row: their text, null, or undefined for one that did not change. */
function valuesOf(body: Buffer, tuple: Tuple | undefined): readonly (string | null | undefined)[] | undefined {
  if (tuple === undefined) return undefined;
  return Array.from({ length: tuple.count }, (_, index) => {
    const kind = String.fromCharCode(tuple.kinds[index] ?? 0);
    if (kind === 'n') return null;
    return kind === 'u' ? undefined : body.toString('utf8', tuple.starts[index], tuple.ends[index]);
  });
}

function shownOf(hex: string): unknown {
  const body = bytesOf(hex);
  const message: LogMessage = pgoutputDecoder()(body);
  if (!('row' in message)) return message;
  return { ...message, row: valuesOf(body, message.row), old: valuesOf(body, message.old) };
}

describe('messages of pgoutput', () => {
  test.each([
    ['begin', { kind: 'begin', lsn: 0x1757198n, committedAt: 1_795_913_486_983_812n }],
    ['type', { kind: 'other' }],
    ['insert', { kind: 'insert', oid: 16387, row: ['1', 'é', 'x', 'a'], old: undefined, isOldWhole: false }],
    ['insertOfNulls', { kind: 'insert', oid: 16387, row: ['2', null, null, null], old: undefined, isOldWhole: false }],
    ['update', { kind: 'update', oid: 16387, row: ['1', 'n', undefined, 'a'], old: undefined, isOldWhole: false }],
    [
      'updateOfKey',
      { kind: 'update', oid: 16387, row: ['3', null, null, null], old: ['2', null, null, null], isOldWhole: false },
    ],
    ['updateOfWhole', { kind: 'update', oid: 16395, row: ['1', null], old: ['1', 'x'], isOldWhole: true }],
    ['delete', { kind: 'delete', oid: 16387, row: undefined, old: ['3', null, null, null], isOldWhole: false }],
    ['truncate', { kind: 'truncate', oids: ['16387', '16395'] }],
    ['commit', { kind: 'commit', end: 0x17573d8n }],
  ] as const)('a recorded %s', (name, expected) => {
    expect(shownOf(recorded[name])).toEqual(expected);
  });

  test('a relation message is decoded to the columns, and to which of them identify a row', () => {
    expect(shownOf(recorded.relation)).toEqual({
      kind: 'relation',
      oid: '16387',
      schema: 'public',
      name: 't',
      identity: 'd',
      columns: [
        { name: 'id', type: '23', modifier: -1, isIdentity: true },
        { name: 'name', type: '1043', modifier: 24, isIdentity: false },
        { name: 'big', type: '25', modifier: -1, isIdentity: false },
        { name: 'm', type: '16385', modifier: -1, isIdentity: false },
      ],
    });
  });

  test('that are truncated or corrupted are refused with a RangeError, or decoded without reading beyond their end', () => {
    const edits = fc.record({
      name: fc.constantFrom(...(Object.keys(recorded) as (keyof typeof recorded)[])),
      size: fc.nat(200),
      at: fc.nat(200),
      byte: fc.nat(255),
    });
    fc.assert(
      fc.property(edits, ({ name, size, at, byte }) => {
        const body = bytesOf(recorded[name]).subarray(0, 1 + size);
        if (at < body.length) body[at] = byte;
        try {
          const message = pgoutputDecoder()(body);
          const tuples = 'row' in message ? [message.row, message.old] : [];
          for (const tuple of tuples)
            for (const end of tuple?.ends.subarray(0, tuple.count) ?? []) expect(end).toBeLessThanOrEqual(body.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
