import type { Row } from 'c8connector';
import { recordMessages, schemaMessage, stateMessage, type TargetCase, types } from './target-case.ts';

const where = 'which rows write stores, and when it starts over';
const plain = { id: types.id, name: types.text, amount: types.integer };

const first: readonly Row[] = [
  { id: 1, name: 'one', amount: 10 },
  { id: 2, name: 'two', amount: 20 },
];
const again: readonly Row[] = [
  { id: 1, name: 'one again', amount: 11 },
  { id: 3, name: 'three', amount: 30 },
  { id: 1, name: 'one at last', amount: 12 },
];

const duplicateRecords: TargetCase = {
  number: 55,
  title:
    'duplicate_records: a row whose key comes again in the same batch replaces the first or is added, as the target promises',
  where,
  name: 'duplicate_records',
  messages: (stream) => [schemaMessage(stream, plain), ...recordMessages(stream, [...first, ...again])],
  stored: [...first, ...again],
  upserted: [
    { id: 1, name: 'one at last', amount: 12 },
    { id: 2, name: 'two', amount: 20 },
    { id: 3, name: 'three', amount: 30 },
  ],
};

const unkeyed: readonly Row[] = [
  { id: 1, name: 'twin', amount: 1 },
  { id: 1, name: 'twin', amount: 1 },
  { id: 2, name: 'other', amount: null },
];

const noPrimaryKeys: TargetCase = {
  number: 58,
  title: 'no_primary_keys: without a key every record is stored, even equal ones',
  where,
  name: 'no_primary_keys',
  messages: (stream) => [schemaMessage(stream, plain, []), ...recordMessages(stream, unkeyed)],
  stored: unkeyed,
};

const keys = ['region', 'id'];
const updatedKeys = { region: { type: 'string' }, id: types.id, name: types.text };
const before: readonly Row[] = [
  { region: 'north', id: 1, name: 'n1' },
  { region: 'south', id: 1, name: 's1' },
];
const after: readonly Row[] = [
  { region: 'north', id: 1, name: 'n1 changed' },
  { region: 'south', id: 2, name: 's2' },
];

const keyUpdates: TargetCase = {
  number: 60,
  title:
    'pk_updates: rows whose composite key comes again after a STATE replace the earlier rows or are added, as the target promises',
  where,
  name: 'pk_updates',
  messages: (stream) => [
    schemaMessage(stream, updatedKeys, keys),
    ...recordMessages(stream, before),
    stateMessage({ bookmarks: { [stream]: { at: 1 } } }),
    // A repeated SCHEMA is not a change.
    schemaMessage(stream, updatedKeys, keys),
    ...recordMessages(stream, after),
  ],
  stored: [...before, ...after],
  upserted: [
    { region: 'north', id: 1, name: 'n1 changed' },
    { region: 'south', id: 1, name: 's1' },
    { region: 'south', id: 2, name: 's2' },
  ],
};

const partial: readonly Row[] = [
  { id: 1, name: 'whole', amount: 1 },
  { id: 2, amount: 2 },
  { id: 3, name: 'no amount' },
  { id: 4 },
];

const missingFields: TargetCase = {
  number: 63,
  title: 'record_missing_fields: records that lack columns are stored with what they have',
  where,
  name: 'record_missing_fields',
  messages: (stream) => [schemaMessage(stream, plain), ...recordMessages(stream, partial)],
  stored: partial,
};

const free: readonly Row[] = [
  { id: 1, name: 'one' },
  { id: 2, other: 2 },
];

const noProperties: TargetCase = {
  number: 65,
  title: 'schema_no_properties: with a SCHEMA without columns, whole records are stored',
  where,
  name: 'schema_no_properties',
  messages: (stream) => [schemaMessage(stream, {}, []), ...recordMessages(stream, free)],
  stored: free,
};

const narrow: readonly Row[] = [{ id: 1, amount: 1 }];
const wide: readonly Row[] = [{ id: 2, amount: 2, name: 'new column' }];
const changed: readonly Row[] = [{ id: 3, amount: 2.5, note: 'wider type, column gone and one come' }];

const schemaUpdates: TargetCase = {
  number: 66,
  title: 'schema_updates: rows before and after a change of the SCHEMA are stored, each under its own',
  where,
  name: 'schema_updates',
  messages: (stream) => [
    schemaMessage(stream, { id: types.id, amount: types.integer }),
    ...recordMessages(stream, narrow),
    schemaMessage(stream, { id: types.id, amount: types.integer, name: types.text }),
    ...recordMessages(stream, wide),
    schemaMessage(stream, { id: types.id, amount: types.number, note: types.text }),
    ...recordMessages(stream, changed),
  ],
  stored: [...narrow, ...wide, ...changed],
};

/** Cases of which rows are stored, and under which schema. */
export const casesOfRows: readonly TargetCase[] = [
  duplicateRecords,
  noPrimaryKeys,
  keyUpdates,
  missingFields,
  noProperties,
  schemaUpdates,
];
