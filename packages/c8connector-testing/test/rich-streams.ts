import { Decimal } from 'c8connector';

/** Streams for the source in memory: one with the values that are hard to carry, and one without rows. */
export const richStreams = {
  rich: {
    keyProperties: ['id'],
    schema: {
      type: 'object',
      properties: {
        id: { type: 'integer', minimum: -(2 ** 63), maximum: 2 ** 63 },
        amount: {
          type: ['null', 'number'],
          multipleOf: 1e-38,
          minimum: -1e62,
          maximum: 1e62,
          exclusiveMinimum: true,
          exclusiveMaximum: true,
        },
        share: { type: ['null', 'number'] },
        at: { type: ['null', 'string'], format: 'date-time', 'x-c8-type': 'timestamptz' },
        day: { type: ['null', 'string'], format: 'date' },
        time: { type: ['null', 'string'], format: 'time' },
        matrix: { type: ['null', 'array'], items: { $ref: '#/definitions/row' } },
        document: { type: ['null', 'boolean', 'number', 'string', 'array', 'object'], 'x-c8-type': 'json' },
        _key: { type: ['null', 'string'], maxLength: 5 },
      },
      definitions: { row: { type: ['null', 'array'], items: { type: ['null', 'integer'] } } },
    },
    rows: [
      {
        id: 9223372036854775807n,
        amount: new Decimal('12345678901234567890.12345678901234567890123456789012345678'),
        share: 0.1,
        at: '2023-04-05T06:07:08.123456+00:00',
        day: '2023-04-05',
        time: '24:00:00',
        matrix: [[1, null], [], null],
        document: { price: new Decimal('2.50'), size: 12345678901234567890n },
        _key: 'five5',
      },
      {
        id: -1,
        amount: null,
        share: null,
        at: null,
        day: null,
        time: '12:34:56.789',
        matrix: null,
        document: 'scalar',
        _key: null,
      },
      { id: 0, amount: new Decimal('1E-38') },
    ],
  },
  nothing: { schema: { type: 'object', properties: { id: { type: 'integer' } } }, rows: [] },
};
