import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frames } from '../../c8_source_postgres/log/frames.ts';
import { logNames } from '../../c8_source_postgres/log/names.ts';
import { readStandbyMessage, statusUpdate } from '../../c8_source_postgres/log/standby-message.ts';
import { readTimelineHistory } from '../../c8_source_postgres/log/timeline-history.ts';

function frameOf(letter: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.write(letter, 'latin1');
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

test('messages are found however the bytes are split into chunks', () => {
  const messages = fc.array(
    fc.record({ letter: fc.constantFrom('d', 'E', 'N'), body: fc.uint8Array({ maxLength: 30 }) }),
  );
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sent, sizes) => {
      const bytes = Buffer.concat(sent.map(({ letter, body }) => frameOf(letter, body)));
      const split = frames(1000, (problem) => new Error(problem));
      const found: unknown[] = [];
      for (let at = 0, index = 0; at < bytes.length; index += 1) {
        const size = sizes[index % sizes.length] as number;
        split.take(bytes.subarray(at, at + size));
        at += size;
        for (let frame = split.next(); frame !== undefined; frame = split.next())
          found.push({ letter: String.fromCharCode(frame.letter), body: new Uint8Array(frame.body) });
      }
      expect(found).toEqual(sent.map(({ letter, body }) => ({ letter, body: new Uint8Array(body) })));
    }),
  );
});

test.each([3, 1001])('a message of the length %s is refused', (length) => {
  const split = frames(1000, (problem) => new Error(problem));
  const header = Buffer.from([0x64, 0, 0, 0, 0]);
  header.writeUInt32BE(length, 1);
  split.take(header);
  expect(() => split.next()).toThrow(`a message has the length ${length}`);
});

test('keepalives and data are decoded, and status updates are encoded, as the protocol defines them', () => {
  const keepalive = Buffer.from('6b0000000001757198000304597638828401', 'hex');
  expect(readStandbyMessage(keepalive)).toMatchObject({ kind: 'keepalive', end: 0x1757198n, wantsReply: true });
  const data = Buffer.concat([Buffer.from(`77${'00'.repeat(24)}`, 'hex'), Buffer.from('body')]);
  expect(readStandbyMessage(data)).toMatchObject({ kind: 'data', body: Buffer.from('body') });
  expect(readStandbyMessage(Buffer.from('77', 'hex'))).toBeUndefined();
  const update = statusUpdate(0x20n, 0x10n).toString('hex');
  expect(update).toMatch(/^640000002672(0{14}20)(0{14}10)(0{14}10)[0-9a-f]{16}01$/);
});

test('a history of timelines has the end of each one', () => {
  const text = '1\t0/3000060\tno recovery target specified\n\n2\t1A/B4\tbefore 2000-01-01\n';
  expect([...readTimelineHistory(text)]).toEqual([
    [1, 0x3000060n],
    [2, 0x1a000000b4n],
  ]);
});

test.each([
  [{ dbname: 'Shop-1' }, undefined, { slot: 'c8_shop_1', publication: 'c8_shop_1' }],
  [{ dbname: 'shop' }, '0FCB527A-1234-5678', { slot: 'c8_shop_0fcb527a1234', publication: 'c8_shop_0fcb527a1234' }],
  [{ dbname: 'shop', replication_slot: 'mine' }, 'id', { slot: 'mine', publication: 'mine' }],
  [{ dbname: 'shop', replication_slot: 'mine', publication: 'Ours' }, 'id', { slot: 'mine', publication: 'Ours' }],
])('slot and publication of %j and the connection %s', (config, connection, names) => {
  expect(logNames(config, connection)).toEqual(names);
});

test('the name of a slot is never too long, and ends with the connection id', () => {
  const { slot } = logNames({ dbname: 'x'.repeat(63) }, '0fcb527a-1234-5678');
  expect(slot).toHaveLength(63);
  expect(slot).toMatch(/_0fcb527a1234$/);
});

test('each chunk is released once, when it is no longer needed', () => {
  const released: string[] = [];
  const split = frames(
    1000,
    (problem) => new Error(problem),
    (chunk) => released.push(chunk.toString('latin1', 5, 6)),
  );
  const chunks = ['a', 'b', 'c'].map((text) => frameOf('d', Buffer.from(text)));
  for (const chunk of chunks) {
    split.take(chunk);
    expect(split.next()?.body.toString()).toBe(chunk.toString('latin1', 5, 6));
  }
  expect(released).toEqual(['a', 'b']);
  const long = frameOf('d', Buffer.from('0123456789'));
  split.take(long.subarray(0, 7));
  expect(released).toEqual(['a', 'b', 'c']);
  split.take(long.subarray(7));
  expect(split.next()?.body.toString()).toBe('0123456789');
  expect(released).toEqual(['a', 'b', 'c', '7', '0']);
});
