import { describe, expect, it } from 'vitest';
import type { SourceMessage } from '../../src/interface/messages.ts';
import { Decimal } from '../../src/interface/value.ts';
import { Batch, type BatchHeader } from '../../src/jsonl/batch.ts';
import { encodeMessages } from '../../src/singer/encode.ts';

const header: BatchHeader = {
  stream: 'a "b"',
  schema: {
    properties: { id: { type: 'integer' }, n: { type: 'number', 'x-c8-type': 'numeric' }, j: { 'x-c8-type': 'json' } },
  },
  version: 7,
  extractedAt: '2026-01-02T03:04:05.000006Z',
  exact: 'number',
};

async function encode(...messages: SourceMessage[]): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of encodeMessages(messages)) chunks.push(Buffer.from(chunk).toString());
  return chunks;
}

describe('encodeMessages', () => {
  it('writes SCHEMA, STATE and ACTIVATE_VERSION as one line each, with every digit', async () => {
    const schema = { properties: { id: { type: 'integer', maximum: '9223372036854775807' } } };
    expect(
      await encode(
        { type: 'SCHEMA', stream: 'a', schema, keyProperties: ['id'] },
        { type: 'SCHEMA', stream: 'a', schema: { properties: {} }, keyProperties: [], bookmarkProperties: ['lsn'] },
        { type: 'ACTIVATE_VERSION', stream: 'a', version: 1795374610097 },
        {
          type: 'STATE',
          value: { bookmarks: { a: { lsn: 9223372036854775807n, at: new Decimal('1.50') } }, currently_syncing: null },
        },
      ),
    ).toEqual([
      '{"type":"SCHEMA","stream":"a","schema":{"properties":{"id":{"type":"integer","maximum":9223372036854775807}}},"key_properties":["id"],"bookmark_properties":[]}\n',
      '{"type":"SCHEMA","stream":"a","schema":{"properties":{}},"key_properties":[],"bookmark_properties":["lsn"]}\n',
      '{"type":"ACTIVATE_VERSION","stream":"a","version":1795374610097}\n',
      '{"type":"STATE","value":{"bookmarks":{"a":{"lsn":9223372036854775807,"at":1.50}},"currently_syncing":null}}\n',
    ]);
  });

  it('writes each line of a batch as a RECORD, with the same bytes', async () => {
    const lines = Buffer.from('{"id":1, "n":17.00}\n{"id":2}\n');
    expect((await encode(Batch.ofLines(header, lines, 2))).join('')).toBe(
      '{"type":"RECORD","stream":"a \\"b\\"","record":{"id":1, "n":17.00},"version":7,"time_extracted":"2026-01-02T03:04:05.000006Z"}\n' +
        '{"type":"RECORD","stream":"a \\"b\\"","record":{"id":2},"version":7,"time_extracted":"2026-01-02T03:04:05.000006Z"}\n',
    );
  });

  it('leaves out the version when there is none', async () => {
    const [text] = await encode(Batch.ofRows({ ...header, version: undefined }, [{ id: 1 }]));
    expect(text).toBe(
      '{"type":"RECORD","stream":"a \\"b\\"","record":{"id":1},"time_extracted":"2026-01-02T03:04:05.000006Z"}\n',
    );
  });

  it('writes decimals and JSON as such, also from a batch whose lines hold them as texts', async () => {
    const lines = Buffer.from('{"n":"17.00","j":"{\\"a\\":1.0}"}\n');
    expect((await encode(Batch.ofLines({ ...header, exact: 'text' }, lines, 1))).join('')).toContain(
      '"record":{"n":17.00,"j":{"a":1.0}},',
    );
  });

  it('writes nothing for a batch without rows', async () => {
    expect(await encode(Batch.ofRows(header, []))).toEqual([]);
  });

  it('cuts a batch into chunks of whole lines, none over 2 MB', async () => {
    const rows = Array.from({ length: 30_000 }, (_, id) => ({ id, j: 'x'.repeat(id % 100) }));
    const chunks = await encode(Batch.ofRows(header, rows));
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) {
      expect(chunk.length).toBeLessThanOrEqual(2 << 20);
      expect(chunk.endsWith('}\n')).toBe(true);
    }
    expect(
      chunks
        .join('')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).record),
    ).toEqual(rows);
  });

  it('writes a line that is longer than a chunk', async () => {
    const text = 'x'.repeat(5 << 20);
    const chunks = await encode(Batch.ofRows(header, [{ id: 1 }, { j: text }, { id: 2 }]));
    expect(
      chunks
        .join('')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).record),
    ).toEqual([{ id: 1 }, { j: text }, { id: 2 }]);
  });

  it('passes on the record of such a line without copying it', async () => {
    const lines = Buffer.from(`${JSON.stringify({ j: 'x'.repeat(3 << 20) })}\n`);
    const buffers: ArrayBufferLike[] = [];
    for await (const chunk of encodeMessages([Batch.ofLines(header, lines, 1)], {
      memory: 'reused',
    }))
      buffers.push(chunk.buffer);
    expect(buffers).toContain(lines.buffer);
  });
  it('releases a batch when its chunks were taken, and not before', async () => {
    const events: string[] = [];
    const lines = new TextEncoder().encode('{"id":1}\n{"id":2}\n');
    const batch = Batch.ofLines({ ...header, release: () => events.push('released') }, lines, 2);
    for await (const chunk of encodeMessages([batch], { memory: 'reused' })) {
      await Promise.resolve();
      events.push(`chunk of ${Buffer.from(chunk).toString().split('\n').length - 1} lines`);
    }
    expect(events).toEqual(['chunk of 2 lines', 'released']);
  });
});
