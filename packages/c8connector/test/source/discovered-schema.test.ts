import { describe, expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import { defineSource, neverStop, type StreamSchema, silentLog } from '../../src/index.ts';

/** A source in JavaScript, whose schemas nobody has checked. */
function sourceOf(schema: unknown) {
  return new (defineSource({
    package: { name: 'c8-source-odd', version: '1.0.0' },
    name: 'Odd',
    description: 'Has a schema of its own kind.',
    config: {},
    discover: () => [{ id: 'list', schema: schema as StreamSchema }],
    async *read() {
      yield { rows: [{ a: 1, b: 'x' }] };
    },
  }))();
}

async function rowsOf(schema: unknown): Promise<unknown[]> {
  const source = sourceOf(schema);
  const catalog = selectAll(await source.discover({}));
  const rows: unknown[] = [];
  const request = { config: {}, catalog, signal: neverStop().graceful, log: silentLog, exact: 'number' as const };
  for await (const message of source.read(request)) {
    if (message.type === 'RECORDS') rows.push(...message.rows());
  }
  return rows;
}

describe('an author may give the schema of a stream in any form of JSON Schema:', () => {
  const whole = { a: 1, b: 'x' };
  test.each<[string, unknown, object]>([
    ['without properties', { type: 'object' }, whole],
    ['with no properties', { properties: {} }, whole],
    ['with patternProperties', { properties: {}, patternProperties: { '.': {} }, additionalProperties: false }, whole],
    ['with additionalProperties as a schema', { additionalProperties: { type: 'string' } }, whole],
    ['with columns of true', { properties: { a: true, b: true } }, whole],
    ['with a type of null', { properties: { a: { type: null }, b: { type: [null, 'string'] } } }, whole],
    [
      'that refers to its columns',
      { $ref: '#/definitions/row', definitions: { row: { properties: { a: {} } } } },
      { a: 1 },
    ],
    ['in two parts', { properties: { a: {} }, allOf: [{ properties: { b: {} } }] }, whole],
  ])('%s', async (_, schema, row) => {
    expect(await rowsOf(schema)).toEqual([row]);
  });

  test.each<[unknown, string]>([
    [undefined, "stream 'list': its schema cannot be used: it is not an object"],
    [[], "stream 'list': its schema cannot be used: it is not an object"],
    [
      { properties: { a: 'string' } },
      "stream 'list', column 'a': its schema cannot be used: it is \"string\", not an object",
    ],
    [
      { properties: { a: { type: 5 } } },
      "stream 'list', column 'a': its schema cannot be used: its type is 5, not a name",
    ],
  ])('but %j is a mistake of the source, which names the stream', async (schema, message) => {
    await expect(sourceOf(schema).discover({})).rejects.toThrow(
      expect.objectContaining({ code: 'contract_broken', message: expect.stringContaining(message) }),
    );
  });
});
