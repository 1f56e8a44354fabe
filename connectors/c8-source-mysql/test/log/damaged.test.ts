// Takes about 10 s.
import { crc32 } from 'node:zlib';
import { isC8Error } from 'c8connector';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binlogDecoder } from '../../c8_source_mysql/log/binlog/binlog-decoder.ts';
import { loggedRows } from './logged-rows.ts';
import { loadRecording, type Recording, recordings } from './recordings.ts';

const sizeAt = 9;
const headerSize = 19;
const format = 15;

/** How a packet is damaged: bytes are changed, each at a part of the whole, and the end is cut off. */
interface Damage {
  readonly changes: readonly (readonly [place: number, byte: number])[];
  readonly kept: number;
  /** Whether size and checksum are made right again, so that only what is in the event is wrong. */
  readonly isConsistent: boolean;
}

const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xfb, 0xfc, 0xfd, 0xfe, 0xff), fc.nat(255));
const damage: fc.Arbitrary<Damage> = fc.record({
  changes: fc.array(fc.tuple(part, byte), { maxLength: 4 }),
  kept: fc.oneof(fc.constant(1), part),
  isConsistent: fc.boolean(),
});

function damaged(packet: Uint8Array, { changes, kept, isConsistent }: Damage, hasChecksum: boolean): Uint8Array {
  const tail = isConsistent && hasChecksum ? 4 : 0;
  const content = packet.length - tail;
  const size = isConsistent ? headerSize + Math.floor(kept * (content - headerSize)) : Math.floor(kept * content);
  const bytes = Buffer.alloc(size + tail);
  bytes.set(packet.subarray(0, size));
  const first = isConsistent ? headerSize : 0;
  for (const [place, value] of changes) {
    const at = first + Math.floor(place * (size - first));
    if (at < size) bytes[at] = value;
  }
  if (!isConsistent) return bytes;
  bytes.writeUInt32LE(bytes.length, sizeAt);
  if (tail > 0) bytes.writeUInt32LE(crc32(bytes.subarray(0, size)), size);
  return bytes;
}

/** Decodes everything; a typed error ends it. */
function decode({ server, tables }: Recording, packets: readonly Uint8Array[]): unknown {
  try {
    loggedRows(server, packets, tables);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a damaged log', () => {
  test.each(recordings)('gives a typed error or a value, whatever bytes are wrong: %s', (name) => {
    const recording = loadRecording(name);
    const { packets } = recording;
    const first = packets.findIndex((packet) => packet[4] === format);
    fc.assert(
      fc.property(fc.nat(packets.length - 1), damage, (index, how) => {
        const before = packets.slice(Math.max(first + 1, index - 2), index);
        const packet = damaged(packets[index] as Uint8Array, how, true);
        const startedAt = performance.now();
        const error = decode(recording, [
          packets[first] as Uint8Array,
          ...before,
          packet,
          ...packets.slice(index + 1, index + 3),
        ]);
        expect(error === undefined || isC8Error(error), String(error instanceof Error ? error.stack : error)).toBe(
          true,
        );
        expect(performance.now() - startedAt).toBeLessThan(20_000);
      }),
      { numRuns: 300 },
    );
  });

  test.each(recordings)('is refused, since its checksums are wrong: %s', (name) => {
    const { server, packets } = loadRecording(name);
    const decoder = binlogDecoder({ flavour: server });
    for (const packet of packets) {
      const changed = Uint8Array.from(packet);
      const at = headerSize + 2;
      changed[at] = (changed[at] as number) ^ 1;
      if (packet[4] !== 4) expect(() => [...decoder.take(changed)]).toThrow(/its checksum is wrong/);
      for (const _ of decoder.take(packet));
    }
  });

  test('names the event and its position', () => {
    const recording = loadRecording('mysql');
    const index = recording.packets.findIndex((packet) => packet[4] === 30);
    const packet = damaged(
      recording.packets[index] as Uint8Array,
      { changes: [], kept: 0.9, isConsistent: true },
      true,
    );
    const error = decode(recording, [...recording.packets.slice(0, index), packet]);
    expect(error).toMatchObject({ code: 'server_answer_invalid' });
    expect(String(error)).toMatch(/the event WRITE_ROWS \(30\) before the position \d+ of the binary log/);
  });
});
