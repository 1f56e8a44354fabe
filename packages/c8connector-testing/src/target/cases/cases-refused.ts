import { recordMessages, schemaMessage, stateMessage, type TargetCase, types } from './target-case.ts';

const where =
  'the reader of Singer text (decodeMessages of the core refuses all of these), and what is stored before a FLUSH';
const plain = { id: types.id, name: types.text };

/** Broken input is refused with a named error, and nothing that follows it is stored. Each case has valid rows before it. */
export const casesRefused: readonly TargetCase[] = [
  {
    number: 57,
    title: 'invalid_schema: an invalid SCHEMA is rejected',
    where,
    name: 'invalid_schema',
    messages: (stream) => [
      {
        type: 'SCHEMA',
        stream,
        schema: { type: 'object', properties: { id: 'a whole number' } },
        key_properties: ['id'],
      },
      ...recordMessages(stream, [{ id: 1 }]),
    ],
    stored: [],
    refusedWith: ['schema_invalid', 'line_invalid'],
  },
  {
    number: 61,
    title: 'record_before_schema: a RECORD before the SCHEMA of its stream is rejected',
    where,
    name: 'record_before_schema',
    messages: (stream) => [...recordMessages(stream, [{ id: 1, name: 'early' }]), schemaMessage(stream, plain)],
    stored: [],
    refusedWith: ['record_before_schema'],
  },
  {
    number: 62,
    title:
      'record_missing_key_property: a record without its key is rejected, and the rows before the last STATE are stored',
    where,
    name: 'record_missing_key_property',
    messages: (stream) => [
      schemaMessage(stream, plain),
      ...recordMessages(stream, [{ id: 1, name: 'good' }]),
      stateMessage({ bookmarks: { [stream]: { at: 1 } } }),
      ...recordMessages(stream, [{ name: 'without key' }, { id: 3, name: 'after it' }]),
    ],
    stored: [{ id: 1, name: 'good' }],
    refusedWith: ['record_invalid'],
  },
  {
    number: 64,
    title:
      'record_missing_required_property: a record without a required column is rejected, and the rows before the last STATE are stored',
    where,
    name: 'record_missing_required_property',
    messages: (stream) => [
      schemaMessage(stream, plain, ['id'], { required: ['id', 'name'] }),
      ...recordMessages(stream, [{ id: 1, name: 'good' }]),
      stateMessage({ bookmarks: { [stream]: { at: 1 } } }),
      ...recordMessages(stream, [{ id: 2 }, { id: 3, name: 'after it' }]),
    ],
    stored: [{ id: 1, name: 'good' }],
    refusedWith: ['record_invalid'],
  },
];
