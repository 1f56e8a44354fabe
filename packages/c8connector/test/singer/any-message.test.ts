import { describe, expect, test } from 'vitest';
import { decoded, linesIn } from './decoded.ts';

const schema =
  '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}';
const record = '{"type":"RECORD","stream":"s","record":{"id":1}}';
const input = (...lines: string[]) => `${lines.join('\n')}\n`;

describe('messages of any tap are accepted:', () => {
  test.each<[string, string[], object[]]>([
    [
      'a SCHEMA without key_properties',
      ['{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{}}}}'],
      [{ type: 'SCHEMA', keyProperties: [] }],
    ],
    [
      'key_properties of null',
      ['{"type":"SCHEMA","stream":"s","schema":{},"key_properties":null}'],
      [{ type: 'SCHEMA', keyProperties: [] }],
    ],
    ['a key that is named twice', [schema.replace('["id"]', '["id","id"]')], [{ keyProperties: ['id'] }]],
    ['a key that is a text', [schema.replace('["id"]', '"id"')], [{ keyProperties: ['id'] }]],
    [
      'types in lower case',
      [schema, record, '{"type":"STATE","value":{}}'].map((line) =>
        line.replace(/"(SCHEMA|RECORD|STATE)"/, (type) => type.toLowerCase()),
      ),
      [{ type: 'SCHEMA' }, { type: 'RECORDS', count: 1 }, { type: 'STATE' }],
    ],
    ['a STATE that is a list', ['{"type":"STATE","value":[1,2]}'], [{ type: 'STATE', value: [1, 2] }]],
    ['a STATE that is a text', ['{"type":"STATE","value":"page 7"}'], [{ type: 'STATE', value: 'page 7' }]],
    [
      'a STATE that is a number',
      ['{"type":"STATE","value":12345678901234567890}'],
      [{ type: 'STATE', value: 12345678901234567890n }],
    ],
    [
      'a record with unknown members',
      [schema, '{"type":"RECORD","action":"upsert","stream":"s","sequence":[1],"record":{"id":1},"namespace":null}'],
      [{}, { type: 'RECORDS', count: 1 }],
    ],
    [
      'a time_extracted of null',
      [schema, record.replace('}}', '},"time_extracted":null}')],
      [{}, { type: 'RECORDS', count: 1 }],
    ],
    [
      'blank lines and carriage returns',
      ['', ' \t\r', `${schema}\r`, '\r', `${record}\r`],
      [{ type: 'SCHEMA' }, { type: 'RECORDS', count: 1 }],
    ],
    [
      'a byte order mark before each part of a joined input',
      [`\ufeff${schema}`, record, `\ufeff${schema}`, `\ufeff ${record}`],
      [{ type: 'SCHEMA' }, { count: 1 }, { type: 'SCHEMA' }, { count: 1 }],
    ],
    [
      'keys that come twice, of which the last counts',
      ['{"type":"STATE","type":"SCHEMA","stream":"x","stream":"s","schema":1,"schema":{},"key_properties":[]}'],
      [{ type: 'SCHEMA', stream: 's' }],
    ],
  ])('%s', async (_, lines, expected) => {
    const { messages, error } = await decoded(input(...lines));
    expect([error, messages]).toEqual([undefined, expected.map((message) => expect.objectContaining(message))]);
  });

  test('a STATE of null is ignored, and the one before it still applies', async () => {
    const { messages, warnings } = await decoded(
      input('{"type":"STATE","value":{"a":1}}', '{"type":"STATE","value":null}'),
    );
    expect([messages, warnings]).toEqual([[{ type: 'STATE', value: { a: 1 } }], [expect.stringContaining('null')]]);
  });

  test.each<[string, number | undefined]>([
    ['1700000000000', 1700000000000],
    ['1700000000000.0', 1700000000000],
    ['1.7e12', 1700000000000],
    ['1700000000000000', 1700000000000],
    ['1700000000000000000', 1700000000000],
    ['"1700000000000"', 1700000000000],
    ['" 1700000000000.7 "', 1700000000000],
    ['1', 1],
    ['0', 0],
    ['1.5', 1],
    ['-5', 0],
    ['-5.5', 0],
    ['9223372036854775807', 9223372036854],
    ['null', undefined],
  ])('a version of %s, equal in a record and its ACTIVATE_VERSION', async (version, milliseconds) => {
    const { messages, error } = await decoded(
      input(
        schema,
        record.replace('}}', `},"version":${version}}`),
        `{"type":"ACTIVATE_VERSION","stream":"s","version":${version}}`,
      ),
    );
    const versions = messages.flatMap((message) => ('version' in message ? [message.version] : []));
    expect(error).toBeUndefined();
    expect(versions).toEqual(milliseconds === undefined ? [undefined] : [milliseconds, milliseconds]);
  });

  test('versions keep their order, whatever unit of time the tap uses', async () => {
    for (const unit of [1n, 1000n, 1_000_000n]) {
      const given = Array.from({ length: 50 }, (_, at) => (1_600_000_000_000n + BigInt(at) * 77_777_777_777n) * unit);
      const lines = given.map((version) => `{"type":"ACTIVATE_VERSION","stream":"s","version":${version}}`);
      const { messages } = await decoded(input(...lines));
      const versions = messages.flatMap((message) => (message.type === 'ACTIVATE_VERSION' ? [message.version] : []));
      expect(versions).toEqual(given.map((version) => Number(version / unit)));
    }
  });
});

describe('a message that cannot be accepted is refused with its line, its stream, its column and its value:', () => {
  const long = 'z'.repeat(100_000);
  test.each<[string, string[], string]>([
    ['NaN', [schema, record.replace(':1', ':NaN')], 'line 2: stream "s": column "id": it is not JSON at byte 46: NaN'],
    [
      '-Infinity deep in a value',
      [schema, record.replace(':1', ':{"x":[1,-Infinity]}')],
      'line 2: stream "s": column "id": it is not JSON at byte 54: -Infinity',
    ],
    [
      'a member outside of a record',
      [schema, record.replace('}}', '},"version":nan}')],
      'line 2: stream "s": it is not JSON at byte 59: nan',
    ],
    ['None', ['{"type": None}'], 'line 1: it is not JSON at byte 10: None'],
    ["Python's quotes", ["{'type': 'RECORD'}"], "line 1: it is not JSON at byte 2: '"],
    ['a log line', ['INFO Starting sync'], 'line 1: it is not JSON at byte 1: INFO'],
    ['a list', ['[1,2]'], 'line 1: it is not a JSON object: [1,2]'],
    ['a cut line', [schema, record.slice(0, -5)], 'line 2: stream "s": it is cut off: the JSON ends too early'],
    ['a type that is not a text', ['{"type":1,"stream":"s"}'], 'line 1: stream "s": \'type\' is not a text: 1'],
    ['a stream that is not a text', [schema, record.replace('"s"', 'null')], "line 2: 'stream' is not a text: null"],
    [
      'a record that is a text',
      [schema, record.replace('{"id":1}', JSON.stringify(long))],
      `line 2: stream "s": 'record' is not an object: "${long.slice(0, 59)}…`,
    ],
    [
      'a version that is a name',
      [schema, record.replace('}}', '},"version":"v2"}')],
      'line 2: stream "s": \'version\' is not a number of 64 bits: "v2"',
    ],
    [
      'a version of a list',
      [schema, record.replace('}}', '},"version":[1]}')],
      'line 2: stream "s": \'version\' is not a number of 64 bits: [1]',
    ],
    [
      'a version that is too large',
      [schema, record.replace('}}', '},"version":9223372036854775808}')],
      'line 2: stream "s": \'version\' is not a number of 64 bits: 9223372036854775808',
    ],
    ['a STATE without a value', ['{"type":"STATE"}'], "line 1: missing required key 'value'"],
    [
      'a SCHEMA without a schema',
      ['{"type":"SCHEMA","stream":"s"}'],
      'line 1: stream "s": missing required key \'schema\'',
    ],
    [
      'a BATCH',
      [schema, '{"type":"BATCH","stream":"s","encoding":{},"manifest":[]}'],
      'line 2: BATCH messages are not supported yet (stream "s").',
    ],
    [
      'a record before its SCHEMA',
      [schema, record.replace('"s"', '"other"')],
      'line 2: a RECORD of the stream "other" came before its SCHEMA.',
    ],
    [
      'a stream with a long name',
      [record.replace('"s"', JSON.stringify(long))],
      `line 1: a RECORD of the stream "${long.slice(0, 200)}…" came before its SCHEMA.`,
    ],
    [
      'a record without its key',
      [schema, record.replace('"id"', '"x"')],
      'line 2: a record of the stream "s" lacks the key property "id".',
    ],
    ['control characters', ['{"type":"\u001b[2J"}'], 'line 1: it is not JSON at byte 10: \\u001b'],
  ])('%s', async (_, lines, message) => {
    const { error } = await decoded(input(...lines));
    expect(error?.message).toBe(message);
    expect(String(JSON.stringify(error?.details)).length).toBeLessThan(300);
  });

  test('UTF-16, as some shells write it', async () => {
    const { error } = await decoded(Buffer.from(`\ufeff${schema}\n`, 'utf16le'));
    expect(error?.message).toBe('line 1: it is not valid UTF-8 but UTF-16, as some shells write it');
  });

  test('an input without any message of Singer, which would store nothing and look like a success', async () => {
    const { error } = await decoded(input('{"type":"LOG","message":"hello"}', '{"type":"LOG"}', ''));
    expect(error?.message).toBe('line 3: the input ends, and none of its lines is a message of Singer');
    expect((await decoded('')).error).toBeUndefined();
    expect((await decoded('\n\n')).error).toBeUndefined();
  });
});

describe('a problem is logged once', () => {
  test.each<[string, string[], RegExp[]]>([
    ['for each unknown type', ['{"type":"METRIC"}', record, '{"type":"METRIC"}', '{"type":"LOG"}'], [/METRIC/, /LOG/]],
    [
      'and ten unknown types are named',
      Array.from({ length: 500 }, (_, at) => `{"type":"T${at}"}`),
      [...Array.from({ length: 10 }, (_, at) => new RegExp(`"T${at}"`)), /more types/],
    ],
    [
      'for all columns that a schema lacks',
      Array.from({ length: 500 }, (_, at) => record.replace('"id"', `"c${at}":0,"id"`)),
      [/"c0"/],
    ],
    [
      'with the names of the first record',
      [record.replace('{"id"', `{${Array.from({ length: 12 }, (_, at) => `"c${at}":0,`).join('')}"id"`)],
      [/"c0", "c1", .*"c9" and 2 more/],
    ],
    [
      'for columns whose names are long',
      [record.replace('{"id"', `{"${'z'.repeat(1_000_000)}":0,"id"`)],
      [/^.{200,400}$/],
    ],
    [
      'after each new SCHEMA too',
      [record.replace('"id"', '"x":0,"id"'), schema, record.replace('"id"', '"x":0,"id"')],
      [/"x"/],
    ],
    [
      'for a SCHEMA without key_properties',
      Array.from({ length: 5 }, () => '{"type":"SCHEMA","stream":"t","schema":{}}'),
      [/"t" has no key_properties/],
    ],
    [
      'for a time_extracted that is not a moment',
      Array.from({ length: 5 }, () => record.replace('}}', '},"time_extracted":"soon"}')),
      [/time_extracted/],
    ],
  ])('%s', async (_, lines, warnings) => {
    const result = await decoded(input(schema, ...lines));
    expect([result.error, result.warnings]).toEqual([
      undefined,
      warnings.map((warning) => expect.stringMatching(warning)),
    ]);
  });

  test('and the records are kept without these columns', async () => {
    expect(linesIn(await decoded(input(schema, record.replace('{"id"', '{"x":{"y":[1]},"id"'))))).toEqual(['{"id":1}']);
  });
});
