import type { Row } from 'c8connector';
import { recordMessages, schemaMessage, type TargetCase, types } from './target-case.ts';

const where = 'the trap that is named: what write does in this situation';

const twoColumns = { id: types.id, name: types.text };
const threeColumns = { ...twoColumns, amount: types.integer };
const narrow = [0, 1, 2].map((id): Row => ({ id, name: `narrow ${id}` }));
const wide = [3, 4, 5].map((id): Row => ({ id, name: `wide ${id}`, amount: id }));

const backAndForth: TargetCase = {
  number: 66,
  title: 'a SCHEMA that changes back and forth, so that many flushes fall into one moment',
  where,
  name: 'back_and_forth',
  messages: (stream) =>
    narrow.flatMap((row, index) => [
      schemaMessage(stream, twoColumns),
      ...recordMessages(stream, [row]),
      schemaMessage(stream, threeColumns),
      ...recordMessages(stream, wide.slice(index, index + 1)),
    ]),
  stored: [...narrow, ...wide],
};

const drifting = {
  id: types.id,
  text: types.text,
  amount: types.number,
  list: { type: ['null', 'array'], items: types.text },
  object: { type: ['null', 'object'] },
};
const allNull: readonly Row[] = [
  { id: 1, text: null, amount: null, list: null, object: null },
  { id: 2, text: null, amount: null, list: null, object: null },
];
const withValues: readonly Row[] = [{ id: 3, text: '007', amount: 1.5, list: ['a'], object: { a: { b: 1 } } }];
const nullAgain: readonly Row[] = [{ id: 4, text: null, amount: null, list: null, object: null, more: 'x' }];

const nullColumns: TargetCase = {
  number: 66,
  title: 'columns that are null in a whole batch, and have values in the next',
  where,
  name: 'null_columns',
  messages: (stream) => [
    schemaMessage(stream, drifting),
    ...recordMessages(stream, allNull),
    schemaMessage(stream, { ...drifting, more: types.text }),
    ...recordMessages(stream, [...withValues, ...nullAgain]),
  ],
  stored: [...allNull, ...withValues, ...nullAgain],
};

const anything: readonly Row[] = [
  { id: 1, value: { a: 1 } },
  { id: 2, value: 'text' },
  { id: 3, value: [1, 'two', null] },
  { id: 4, value: 5 },
  { id: 5, value: true },
  { id: 6, value: {} },
  { id: 7, value: null },
];

const driftingColumn: TargetCase = {
  number: 54,
  title: 'a column without a type that holds an object, then a text, a list, a number',
  where,
  name: 'drifting_column',
  messages: (stream) => [schemaMessage(stream, { id: types.id, value: {} }), ...recordMessages(stream, anything)],
  stored: anything,
};

const empties: readonly Row[] = [
  { id: 1, text: '', list: [], object: {} },
  { id: 2, text: null, list: null, object: null },
  { id: 3 },
  { id: 4, text: ' ', list: [''], object: { text: '' } },
];

const emptyOrNull: TargetCase = {
  number: 56,
  title: 'empty texts, lists and objects, which are not null',
  where,
  name: 'empty_or_null',
  messages: (stream) => [
    schemaMessage(stream, { id: types.id, text: types.text, list: drifting.list, object: drifting.object }),
    ...recordMessages(stream, empties),
  ],
  stored: empties,
};

const megabyte = 'abcdefghijklmnopqrstuvwxyz é 😀\n'.repeat(32_000).slice(0, 1_000_000);
const large: readonly Row[] = [
  { id: 1, text: megabyte },
  { id: 2, text: 'small' },
];

const largeValue: TargetCase = {
  number: 56,
  title: 'a text of a million letters',
  where,
  name: 'large_value',
  messages: (stream) => [schemaMessage(stream, { id: types.id, text: types.text }), ...recordMessages(stream, large)],
  stored: large,
};

const lonely: readonly Row[] = [{ id: 1 }, { id: 2 }];

const oneColumn: TargetCase = {
  number: 58,
  title: 'a stream of one column',
  where,
  name: 'one_column',
  messages: (stream) => [schemaMessage(stream, { id: types.id }, []), ...recordMessages(stream, lonely)],
  stored: lonely,
};

const columns = Array.from({ length: 500 }, (_, at) => `column_${at}`);
const wideRow: Row = { id: 1, ...Object.fromEntries(columns.map((name, at) => [name, at % 7 === 0 ? null : `${at}`])) };

const wideRows: TargetCase = {
  number: 59,
  title: 'a row of 501 columns',
  where,
  name: 'wide_rows',
  messages: (stream) => [
    schemaMessage(stream, { id: types.id, ...Object.fromEntries(columns.map((name) => [name, types.text])) }),
    ...recordMessages(stream, [wideRow]),
  ],
  stored: [wideRow],
};

/** Situations that have broken other targets, under the number of a related case. */
export const casesOfTraps: readonly TargetCase[] = [
  backAndForth,
  nullColumns,
  driftingColumn,
  emptyOrNull,
  largeValue,
  oneColumn,
  wideRows,
];
