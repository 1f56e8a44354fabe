/** A SCHEMA of the stream `t` without a key; `more` are further members of its schema as JSON. */
function schemaLine(properties: string, more = '', stream = 't'): string {
  return `{"type":"SCHEMA","stream":"${stream}","schema":{"type":"object","properties":${properties}${more}},"key_properties":[]}`;
}

function recordLine(record: string, stream = 't'): string {
  return `{"type":"RECORD","stream":"${stream}","record":${record}}`;
}

const megabyte = 1 << 20;

function* numbered(count: number, make: (index: number) => string): Generator<string> {
  for (let index = 0; index < count; index++) yield make(index);
}

function members(count: number, make: (index: number) => string): string {
  return `{${[...numbered(count, (index) => `"k${index}":${make(index)}`)].join(',')}}`;
}

function* lines(...parts: (string | Iterable<string>)[]): Generator<string> {
  for (const part of parts) {
    if (typeof part === 'string') yield part;
    else yield* part;
  }
}

/** Each definition refers twice to the next one: 2^depth ways to the last. */
function laughs(depth: number, keyword: string): string {
  const step = (index: number) => `{"$ref":"#/definitions/k${index + 1}"}`;
  return members(depth + 1, (index) =>
    index === depth ? '{"type":"string"}' : `{"${keyword}":[${step(index)},${step(index)}]}`,
  );
}

/** Inputs that cost more than they weigh, each by how much of it there is. They are made while they are read. */
export const hostileInputs = {
  references: (depth: number, keyword = 'anyOf') =>
    lines(
      schemaLine('{"a":{"$ref":"#/definitions/k0"}}', `,"definitions":${laughs(depth, keyword)}`),
      recordLine('{"a":"x"}'),
    ),
  'chained references': (length: number) => {
    const chain = members(length, (index) => `{"$ref":"#/definitions/k${index + 1}"}`);
    return lines(schemaLine('{"a":{"$ref":"#/definitions/k0"}}', `,"definitions":${chain}`), recordLine('{"a":"x"}'));
  },
  'nested lists': (depth: number) =>
    lines(
      schemaLine(`{"a":${'{"type":"array","items":'.repeat(depth)}{"type":"string"}${'}'.repeat(depth)}}`),
      recordLine('{"a":["x"]}'),
    ),
  'nested values': (depth: number) =>
    lines(
      schemaLine('{"a":{}}'),
      numbered(100, () => recordLine(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)),
    ),
  columns: (count: number) =>
    lines(
      schemaLine(members(count, () => '{"type":["null","number"],"multipleOf":0.01}')),
      numbered(3, () => recordLine(members(count, String))),
    ),
  'few of many columns': (count: number) =>
    lines(
      schemaLine(members(20_000, () => '{"type":["null","number"],"multipleOf":0.01}')),
      numbered(count, (index) => recordLine(`{"k${(index * 7) % 20_000}":1,"k0":2}`)),
    ),
  'new keys in each record': (count: number) =>
    lines(
      schemaLine('{}'),
      numbered(count, (index) => recordLine(`{"k${index}":${index},"k${index}":1}`)),
    ),
  'unknown columns in each record': (count: number) =>
    lines(
      schemaLine('{"id":{"type":"integer"}}'),
      numbered(count, (index) => recordLine(`{"id":${index},"k${index}":1}`)),
    ),
  'unknown types': (count: number) =>
    lines(
      schemaLine('{"id":{}}'),
      numbered(count, (index) => `{"type":"T${index}"}`),
    ),
  streams: (count: number) =>
    lines(
      numbered(2 * count, (index) => {
        const stream = `s${index >> 1}`;
        return index % 2 === 0 ? schemaLine('{"id":{}}', '', stream) : recordLine('{"id":1}', stream);
      }),
    ),
  'streams that take turns': (count: number) =>
    lines(
      numbered(1000, (index) => schemaLine('{"id":{}}', '', `s${index}`)),
      numbered(count, (index) => recordLine(`{"id":${index}}`, `s${index % 1000}`)),
    ),
  schemas: (count: number) => lines(numbered(count, (index) => schemaLine(`{"k${index}":{}}`))),
  states: (count: number) =>
    lines(numbered(count, (index) => `{"type":"STATE","value":{"bookmarks":{"t":{"at":${index}}}}}`)),
  'a large state': (megabytes: number, more = '') =>
    lines(`{"type":"STATE","value":{"text":"${'y'.repeat(megabytes * megabyte)}"${more}}}`),
  'a state of lists': (count: number) => lines(`{"type":"STATE","value":[${'[],'.repeat(count - 2)}[]]}`),
  'a schema of lists': (count: number) => lines(schemaLine('{"a":{}}', `,"x":[${'[],'.repeat(count - 1)}[]]`)),
  'a version of lists': (count: number) =>
    lines(schemaLine('{"a":{}}'), `{"type":"ACTIVATE_VERSION","stream":"t","version":[${'[],'.repeat(count)}[]]}`),
  'a state of many keys': (count: number) => lines(`{"type":"STATE","value":${members(count, () => '1.50')}}`),
  'a state of many numbers': (count: number) =>
    lines(`{"type":"STATE","value":${members(count, (index) => `{"at":${index}.50}`)}}`),
  'a long line': (megabytes: number) =>
    lines(schemaLine('{"id":{}}'), recordLine(`{"id":"${'y'.repeat(megabytes * megabyte - 60)}"}`)),
  'a long number': (megabytes: number) =>
    lines(
      schemaLine(`{"a":{"type":"integer","maximum":${'9'.repeat(megabytes * megabyte)}}}`),
      `{"type":"STATE","value":{"at":${'9'.repeat(megabytes * megabyte)}}}`,
    ),
  'a long key': (megabytes: number) => {
    const key = 'k'.repeat(megabytes * megabyte);
    return lines(schemaLine(`{"${key}":{}}`), recordLine(`{"${key}":1}`), recordLine(`{"${key}x":1}`));
  },
  'a long name': (megabytes: number) => {
    const name = 'k'.repeat(megabytes * megabyte);
    return lines(schemaLine('{"a":{}}', '', name), recordLine('{"a":1}', name), recordLine('{"a":1}', `${name}x`));
  },
  'halves of surrogate pairs': (megabytes: number) =>
    lines(schemaLine('{"a":{}}'), recordLine(`{"a":"${'\\ud83d'.repeat((megabytes * megabyte) / 6)}"}`)),
  'blank lines': (count: number) => lines(numbered(count, () => '')),
} as const;
