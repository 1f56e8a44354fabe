import { expect, test } from 'vitest';
import { copyFrames } from '../c8_source_postgres/copy-frames.ts';

function message(code: string, content: string): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(5);
  header.write(code, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

const subject = { stream: 'public-t', columns: ['id', 'text'] };
const beginning = message('H', '\0\0\x02\0\0\0\0');
const rows = ['1\ta\n', '2\tcafé\n', '\n', `3\t${'x'.repeat(5000)}\n`];
const ending = Buffer.concat([message('c', ''), message('C', 'COPY 4\0')]);
const wire = Buffer.concat([
  beginning,
  ...rows.flatMap((row) => [message('d', row), message('N', 'a notice')]),
  ending,
]);

test.each([1, 2, 3, 7, 64, 4999, 1_000_000])(
  'finds the rows in chunks of %i bytes, and the end of the copy',
  (size) => {
    const found: string[] = [];
    const frames = copyFrames(subject, (bytes, start, end) =>
      found.push(Buffer.from(bytes.subarray(start, end)).toString()),
    );
    let at = 0;
    let place = -1;
    for (; place < 0 && at < wire.length; at += size) place = frames.take(wire.subarray(at, at + size));
    expect(found).toEqual(rows);
    expect(at - size + place).toBe(wire.length - ending.length);
  },
);

test('leaves error messages of the server to the client', () => {
  const { take } = copyFrames(subject, () => undefined);
  const rows = Buffer.concat([beginning, message('d', '1\n')]);
  expect(take(Buffer.concat([rows, message('E', 'SFATAL\0\0')]))).toBe(rows.length);
});

test.each([
  ['text', '1\t', 'x'],
  ['id', '', 'x'],
])('a row that is too large is refused before it is buffered, and its column %s is named', (column, start, filler) => {
  const { take } = copyFrames(subject, () => undefined);
  const header = Buffer.from('d\0\0\0\0');
  header.writeInt32BE(600_000_000, 1);
  take(Buffer.concat([beginning, header, Buffer.from(start)]));
  const bytes = Buffer.alloc(50_000_000, filler);
  const before = process.memoryUsage().arrayBuffers;
  const read = () => {
    for (let count = 0; count < 12; count++) take(bytes);
  };
  expect(read).toThrow(`A row of 600 MB in public-t, most of it in the column ${column}: `);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
});
