import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordsMessage, SourceMessage } from '../../src/interface/messages.ts';
import { rowsOfColumns } from '../../src/jsonl/columns/rows-of-columns.ts';
import { type DecodeOptions, decodeMessages } from '../../src/singer/decode.ts';
import { encodeMessages } from '../../src/singer/encode.ts';
import { recordedLog } from './recorded-log.ts';

async function* chunksOf(text: string | Uint8Array, size = 1 << 16): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decode(
  text: string | Uint8Array,
  options: Partial<DecodeOptions> = {},
  size?: number,
): Promise<SourceMessage[]> {
  const messages: SourceMessage[] = [];
  const input = chunksOf(text, size);
  for await (const message of decodeMessages(input, { exact: 'number', log: recordedLog(), ...options }))
    messages.push(message);
  return messages;
}

/** What matters of the messages, batches as their lines. */
function plain(messages: readonly SourceMessage[]): unknown[] {
  return messages.map((message) =>
    message.type === 'RECORDS'
      ? {
          stream: message.stream,
          version: message.version,
          at: message.extractedAt,
          count: message.count,
          lines: Buffer.from(message.lines()).toString(),
        }
      : message,
  );
}

const at = '2026-01-02T03:04:05.000006Z';
const schemaLine = (
  stream = 'a',
  properties: object = { id: { type: 'integer' }, n: { type: 'number' }, t: { type: 'string' } },
  keys: unknown = ['id'],
) => JSON.stringify({ type: 'SCHEMA', stream, schema: { type: 'object', properties }, key_properties: keys });
const record = (json: string, rest = `,"time_extracted":"${at}"`, stream = 'a') =>
  `{"type":"RECORD","stream":"${stream}","record":${json}${rest}}`;
const text = (...lines: string[]) => `${lines.join('\n')}\n`;
const linesOf = async (...lines: string[]) =>
  (await decode(text(...lines))).flatMap((message) =>
    message.type === 'RECORDS' ? [Buffer.from(message.lines()).toString()] : [],
  );

describe('decodeMessages', () => {
  it('makes one batch of consecutive records, and keeps the order of everything else', async () => {
    const messages = await decode(
      text(
        schemaLine(),
        record('{"id":1}'),
        record('{"id":2}'),
        '{"type":"STATE","value":{"bookmarks":{"a":{"p":9007199254740993}}}}',
        record('{"id":3}'),
      ),
    );
    expect(plain(messages)).toEqual([
      expect.objectContaining({ type: 'SCHEMA', stream: 'a', keyProperties: ['id'] }),
      { stream: 'a', version: undefined, at, count: 2, lines: '{"id":1}\n{"id":2}\n' },
      { type: 'STATE', value: { bookmarks: { a: { p: 9007199254740993n } } } },
      { stream: 'a', version: undefined, at, count: 1, lines: '{"id":3}\n' },
    ]);
  });

  it('keeps the bytes of each value', async () => {
    const json = '{"id": 123456789012345678901,"n" :17.00,\t"t":"\\u00e9\\/\u00e9"}';
    expect(await linesOf(schemaLine(), record(json), record(json))).toEqual([`${json}\n${json}\n`]);
  });

  it('starts a new batch for another stream and for another version', async () => {
    const counts = await decode(
      text(
        schemaLine('a'),
        schemaLine('b'),
        record('{"id":1}', ',"version":1'),
        record('{"id":2}', ',"version":1'),
        record('{"id":3}', ',"version":2'),
        record('{"id":4}', ',"version":2', 'b'),
      ),
    );
    expect(
      counts.slice(2).map((message) => message.type === 'RECORDS' && [message.stream, message.version, message.count]),
    ).toEqual([
      ['a', 1, 2],
      ['a', 2, 1],
      ['b', 2, 1],
    ]);
  });

  it('puts the columns in the order of the schema, takes the last of two equal keys, and reads keys however they are written', async () => {
    expect(await linesOf(schemaLine(), record('{"t":"x", "id":1,"n":2.0}'))).toEqual(['{"id":1,"n":2.0,"t":"x"}\n']);
    expect(await linesOf(schemaLine(), record('{"id":1,"t":"x","id":2}'))).toEqual(['{"id":2,"t":"x"}\n']);
    expect(await linesOf(schemaLine(), record('{"\\u0069d":1}'))).toEqual(['{"id":1}\n']);
  });

  it('takes the last of two equal keys of a message', async () => {
    expect(
      await linesOf(
        schemaLine(),
        '{"type":"STATE","record":{"id":9},"type":"RECORD","record":{"id":1},"stream":"b","stream":"a"}',
      ),
    ).toEqual(['{"id":1}\n']);
  });

  it('leaves out columns that the schema lacks, and warns once', async () => {
    const log = recordedLog();
    const messages = await decode(text(schemaLine(), record('{"x":1,"id":1}'), record('{"id":2,"x":{"y":"}"}}')), {
      log,
    });
    expect(plain(messages)[1]).toMatchObject({ lines: '{"id":1}\n{"id":2}\n' });
    expect(log.warnings).toEqual([expect.stringMatching(/"a".*"x"/)]);
  });

  it('carries every column of a schema that names none', async () => {
    for (const schema of ['{}', '{"type":"object"}', '{"properties":{}}']) {
      const line = `{"type":"SCHEMA","stream":"a","schema":${schema},"key_properties":["id"]}`;
      expect(await linesOf(line, record('{"id":1,"x":1.0}'), record('{"y":2,"id":2,"y":3}'))).toEqual([
        '{"id":1,"x":1.0}\n{"id":2,"y":3}\n',
      ]);
    }
  });

  it('reads blank lines, CRLF, a byte order mark, and a last line without an end', async () => {
    const bytes = `\ufeff${schemaLine()}\r\n\r\n  \n${record('{"id":1}')}\r\n${record('{"id":2}')}\r\n ${record('{"id":3}')}`;
    expect(plain(await decode(bytes)).slice(1)).toEqual([
      expect.objectContaining({ count: 3, lines: '{"id":1}\n{"id":2}\n{"id":3}\n' }),
    ]);
  });

  it('takes the time of the first record of a batch, in UTC with microseconds', async () => {
    const times = ['2026-01-02T03:04:05.5+02:00', '2026-01-02T03:04:05.7+02:00'].map((time) =>
      record('{"id":1}', `,"time_extracted":"${time}"`),
    );
    expect(plain(await decode(text(schemaLine(), ...times)))[1]).toMatchObject({
      count: 2,
      at: '2026-01-02T01:04:05.500000Z',
    });
  });

  it('uses the time of reading if the time is missing or invalid, and warns once', async () => {
    const log = recordedLog();
    const bad = record('{"id":1}', ',"time_extracted":"yesterday"');
    const messages = await decode(text(schemaLine(), bad, schemaLine(), bad, schemaLine(), record('{"id":1}', '')), {
      log,
    });
    for (const message of messages)
      if (message.type === 'RECORDS') expect(Date.now() - Date.parse(message.extractedAt)).toBeLessThan(60_000);
    expect(log.warnings).toHaveLength(1);
  });

  it('replaces half of a surrogate pair, which other readers refuse', async () => {
    expect(await linesOf(schemaLine(), record('{"id":1,"t":"\\ud83d"}'))).toEqual(['{"id":1,"t":"\\ufffd"}\n']);
  });

  it('makes exact columns texts on request', async () => {
    const schema = schemaLine('a', {
      id: { type: 'integer' },
      n: { type: 'number', multipleOf: 0.01 },
      j: { type: 'object' },
    });
    const messages = await decode(
      text(schema, record('{"id":1,"n":1.50,"j":{"a":1.0}}'), record('{"n":2.50,"id":2}')),
      { exact: 'text' },
    );
    expect(messages[1]).toMatchObject({ exact: 'text', count: 2 });
    expect(plain(messages)[1]).toMatchObject({
      lines: '{"id":1,"n":"1.50","j":"{\\"a\\":1.0}"}\n{"id":2,"n":"2.50"}\n',
    });
  });

  it('makes no batch larger than requested, except for a single larger row', async () => {
    const rows = [10, 10, 10, 200, 10].map((length) => record(`{"id":1,"t":"${'x'.repeat(length)}"}`));
    const messages = await decode(text(schemaLine(), ...rows), { batchBytes: 60 });
    expect(messages.slice(1).map((message) => message.type === 'RECORDS' && message.count)).toEqual([2, 1, 1, 1]);
  });

  it('closes a batch in time while the input is silent', async () => {
    let goOn = () => {};
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text(schemaLine(), record('{"id":1}')));
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      yield Buffer.from(text(record('{"id":2}')));
    }
    const messages = decodeMessages(input(), { exact: 'number', log: recordedLog(), batchAge: 20 });
    expect((await messages.next()).value).toMatchObject({ type: 'SCHEMA' });
    expect((await messages.next()).value).toMatchObject({ type: 'RECORDS', count: 1 });
    goOn();
    expect((await messages.next()).value).toMatchObject({ type: 'RECORDS', count: 1 });
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  it('ends at once when its reader leaves while the input is silent', async () => {
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text(schemaLine(), record('{"id":1}')));
      await new Promise(() => undefined);
    }
    for await (const message of decodeMessages(input(), { exact: 'number', log: recordedLog(), batchAge: 10 })) {
      if (message.type === 'RECORDS') break;
    }
  });

  it('turns a key that is a text into a list', async () => {
    const line =
      '{"type":"SCHEMA","stream":"a","schema":{"properties":{"id":{}}},"key_properties":"id","bookmark_properties":"id"}';
    expect(await decode(text(line))).toEqual([
      expect.objectContaining({ keyProperties: ['id'], bookmarkProperties: ['id'] }),
    ]);
  });

  it('skips messages of unknown types, and warns once', async () => {
    const log = recordedLog();
    const unknown = '{"type":"GREETING","text":"hello"}';
    expect(plain(await decode(text(schemaLine(), unknown, record('{"id":1}'), unknown), { log }))).toHaveLength(2);
    expect(log.warnings).toEqual([expect.stringContaining('GREETING')]);
  });

  it.each<[string, string, number, string]>([
    [text('{"type":"STATE","value":{}}', 'not json'), 'line_invalid', 2, 'line 2'],
    [text('', '[1]'), 'line_invalid', 2, 'not a JSON object'],
    [`${schemaLine()}\n${record('{"id":1}')}\n{"type":"RECORD","stre`, 'line_invalid', 3, 'cut off'],
    [text(schemaLine(), record('{"id":1}'), record('{"id":NaN}')), 'line_invalid', 3, 'line 3'],
    [text(schemaLine(), record('{"id":1}'), `${record('{"id":1}')}}`), 'line_invalid', 3, 'line 3'],
    [text('{"stream":"a"}'), 'line_invalid', 1, "missing required key 'type'"],
    [text('{"type":"RECORD","record":{}}'), 'line_invalid', 1, "missing required key 'stream'"],
    [text('{"type":"RECORD","stream":"a"}'), 'line_invalid', 1, "missing required key 'record'"],
    [text('{"type":"RECORD","stream":"a","record":[]}'), 'line_invalid', 1, "'record' is not an object"],
    [
      text(schemaLine(), record('{"id":1}', ',"version":"two"')),
      'line_invalid',
      2,
      "'version' is not a number of 64 bits",
    ],
    [text('{"type":"STATE"}'), 'line_invalid', 1, "missing required key 'value'"],
    [text('{"type":"SCHEMA","stream":"a","key_properties":[]}'), 'line_invalid', 1, "missing required key 'schema'"],
    [text('{"type":"ACTIVATE_VERSION","stream":"a"}'), 'line_invalid', 1, "missing required key 'version'"],
    [text('{"type":"BATCH","stream":"a"}'), 'line_invalid', 1, 'BATCH messages are not supported yet'],
    [text(schemaLine('b'), record('{"id":1}')), 'record_before_schema', 2, '"a"'],
    [text('{"type":"SCHEMA","stream":"a","schema":"x","key_properties":[]}'), 'schema_invalid', 1, 'line 1'],
    [text(schemaLine('a', { id: 1 })), 'schema_invalid', 1, '"id"'],
    [text(schemaLine('a', { x: {} })), 'schema_invalid', 1, '"id"'],
    [text(schemaLine(), record('{"id":1}'), record('{"n":1}')), 'record_invalid', 3, '"id"'],
    [text(schemaLine(), record('{"id":null}')), 'record_invalid', 2, 'null'],
    [
      text(
        '{"type":"SCHEMA","stream":"a","schema":{"properties":{"t":{}},"required":["t"]},"key_properties":[]}',
        record('{}'),
      ),
      'record_invalid',
      2,
      '"t"',
    ],
  ])('refuses %j as %s', async (input, code, line, message) => {
    await expect(decode(input)).rejects.toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message),
        details: expect.objectContaining({ line }),
      }),
    );
  });

  it('names the line that is not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(text(schemaLine(), record('{"id":1}'))),
      Buffer.from(`${record('{"id":1,"t":"\u00e9"}')}\n`, 'latin1'),
    ]);
    await expect(decode(bytes)).rejects.toThrow(
      expect.objectContaining({ code: 'line_invalid', message: expect.stringMatching(/line 3.*UTF-8/) }),
    );
  });

  it('names the line that is longer than 64 MB', async () => {
    const piece = Buffer.alloc(1 << 20, 0x20);
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text(schemaLine()));
      for (;;) yield piece;
    }
    const read = async () => {
      for await (const message of decodeMessages(input(), { exact: 'number', log: recordedLog() })) void message;
    };
    await expect(read()).rejects.toThrow(expect.objectContaining({ message: expect.stringMatching(/line 2.*64 MB/) }));
  });

  it('passes on the error of its input', async () => {
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text(schemaLine(), record('{"id":1}')));
      throw new Error('read failed');
    }
    const read = async () => {
      for await (const message of decodeMessages(input(), { exact: 'number', log: recordedLog() })) void message;
    };
    await expect(read()).rejects.toThrow('read failed');
  });
});

const separators = fc.constantFrom<[string, string]>([',', ':'], [', ', ': '], [' ,\t', ' : ']);
const anyRecord = fc.record(
  {
    id: fc.integer(),
    n: fc.double({ noDefaultInfinity: true, noNaN: true }),
    t: fc.string({ unit: 'grapheme' }),
    x: fc.jsonValue(),
  },
  { requiredKeys: ['id'] },
);
const anyLine = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('a', 'b'), anyRecord, fc.constantFrom(1, 2, undefined), fc.boolean(), separators)
      .map(([stream, row, version, isReversed, separator]) => {
        const members = Object.entries(isReversed ? Object.fromEntries(Object.entries(row).reverse()) : row).filter(
          ([, value]) => value !== undefined,
        );
        const json = `{${members.map(([key, value]) => JSON.stringify(key) + separator[1] + JSON.stringify(value)).join(separator[0])}}`;
        const outer = [
          ['type', '"RECORD"'],
          ['stream', JSON.stringify(stream)],
          ['record', json],
          ['version', JSON.stringify(version)],
          ['time_extracted', `"${at}"`],
        ];
        const written = (isReversed && version === 1 ? outer.reverse() : outer).filter(
          ([, value]) => value !== undefined,
        );
        return `{${written.map(([key, value]) => JSON.stringify(key) + separator[1] + value).join(separator[0])}}`;
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"type":"STATE","value":{"bookmarks":{}}}',
      '',
      schemaLine('b'),
      '{"type":"ACTIVATE_VERSION","stream":"a","version":1}',
    ),
  },
);

describe('decodeMessages, for any input,', () => {
  it('returns the same messages however the input is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom('\n', '\r\n'),
        async (lines, size, newline) => {
          const input = [schemaLine('a'), schemaLine('b'), ...lines].join(newline);
          const options = { batchBytes: 500, batchAge: 60_000 };
          expect(plain(await decode(input, options, size))).toEqual(plain(await decode(input, options)));
        },
      ),
    );
  });

  it('returns the same rows as a plain parser, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 30 }), async (lines) => {
        const rows = (await decode([schemaLine('a'), schemaLine('b'), ...lines].join('\n'))).flatMap((message) =>
          message.type === 'RECORDS'
            ? Buffer.from(message.lines())
                .toString()
                .trimEnd()
                .split('\n')
                .map((line) => [message.stream, message.version, JSON.parse(line)])
            : [],
        );
        const expected = lines
          .filter((line) => line.includes('RECORD'))
          .map((line) => {
            const {
              stream,
              version,
              record: { x, ...row },
            } = JSON.parse(line);
            return [stream, version, row];
          });
        expect(rows).toEqual(expected);
      }),
    );
  });

  it('is undone by encodeMessages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 30 }), async (lines) => {
        const messages = await decode([schemaLine('a'), schemaLine('b'), ...lines].join('\n'));
        const chunks: Uint8Array[] = [];
        for await (const chunk of encodeMessages(messages)) chunks.push(chunk);
        const again = plain(await decode(Buffer.concat(chunks)));
        expect(again).toEqual(
          plain(messages).map((message) =>
            (message as SourceMessage).type === 'SCHEMA' ? { bookmarkProperties: [], ...(message as object) } : message,
          ),
        );
      }),
    );
  });
});

describe('the memory of batches', () => {
  const property = {
    n: { type: ['null', 'integer'] },
    t: { type: ['null', 'string'] },
    l: { type: ['null', 'array'], items: { type: ['null', 'string'] } },
  };
  const row = fc.record({
    n: fc.option(fc.integer()),
    t: fc.option(fc.string({ unit: 'grapheme', maxLength: 300 })),
    l: fc.option(fc.array(fc.option(fc.string({ maxLength: 20 })), { maxLength: 3 })),
  });

  it('is filled again only after it was given back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), fc.infiniteStream(fc.boolean()), async (rows, isReleased) => {
        const input = text(schemaLine('a', property, []), ...rows.map((each) => record(JSON.stringify(each))));
        const read: unknown[] = [];
        const kept: { readonly batch: RecordsMessage; readonly lines: string }[] = [];
        for await (const message of decodeMessages(oneBuffer(input), {
          exact: 'number',
          log: recordedLog(),
          batchBytes: 1500,
        })) {
          if (message.type !== 'RECORDS') continue;
          const columns = message.columns();
          read.push(...rowsOfColumns(columns, message.count, message.schema));
          const lines = Buffer.from(message.lines()).toString();
          expect(
            lines
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line)),
          ).toEqual(read.slice(-message.count));
          if (isReleased.next().value) {
            message.reuse?.(columns);
            message.release?.();
          } else kept.push({ batch: message, lines });
        }
        expect(read).toEqual(rows);
        for (const { batch, lines } of kept) expect(Buffer.from(batch.lines()).toString()).toBe(lines);
      }),
    );
  });
});

/** Chunks that are all in the same memory, as those of a program's stdin. */
async function* oneBuffer(input: string): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(100);
  const bytes = Buffer.from(input);
  for (let at = 0; at < bytes.length; at += memory.length) {
    const size = bytes.copy(memory, 0, at, at + memory.length);
    yield memory.subarray(0, size);
    memory.fill(0);
  }
}
