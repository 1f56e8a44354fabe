/**
 * JSON lines to typed arrays, which a Singer pipe to Parquet does with every row: nanoseconds per value, the minimum of several rounds. `--rounds N` (60). Seconds belong to one machine: compare two
 * states of the code in turn.
 */
import { parseArgs } from 'node:util';
import { Batch } from 'c8connector';
import { lineitem, columns as lineitemColumns } from '../encoder/lineitem.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '60' } } });
const rounds = Number(values.rounds);
const rows = 20_000;

const numeric = (precision, scale) => ({ type: 'number', 'x-c8-type': `numeric(${precision},${scale})` });
const integer = { type: 'integer' };
const digits = (row, count) => String(BigInt(row + 1) * 0x9e3779b97f4a7c15n ** 3n).slice(0, count);
/** A column of each kind, and the JSON of its values. */
const kinds = {
  'integer of 6 digits': [integer, (row) => digits(row, 6)],
  'integer of 32 bits': [{ ...integer, minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }, (row) => digits(row, 6)],
  'integer of 17 digits': [integer, (row) => digits(row, 17)],
  'integer of 19 digits': [integer, (row) => `8${digits(row, 18)}`],
  'integer of 20 digits': [{ ...integer, minimum: 0, maximum: '18446744073709551615' }, (row) => digits(row, 19)],
  'numeric(15,2)': [numeric(15, 2), (row) => `${digits(row, 6)}.${digits(row, 2)}`],
  'numeric(15,2) in strings': [numeric(15, 2), (row) => `"${digits(row, 6)}.${digits(row, 2)}"`],
  'numeric(18,6)': [numeric(18, 6), (row) => `${digits(row, 11)}.${digits(row, 6)}`],
  'numeric(38,10)': [numeric(38, 10), (row) => `-${digits(row, 26)}.${digits(row + 1, 10)}`],
  'numeric(15,2) with exponents': [numeric(15, 2), (row) => `${digits(row, 1)}.${digits(row, 5)}e3`],
};

console.log(`Lines to columns, Node ${process.versions.node}, minimum of ${rounds} rounds, in nanoseconds per value`);
const [block] = lineitem(rows, rows);
const properties = Object.fromEntries(
  lineitemColumns.map(({ name, type }) => [name, type.kind === 'decimal' ? numeric(15, 2) : schemaOf(type)]),
);
const rowsOfBlock = Batch.ofColumns(headerOf(properties), block.columns, rows).lines();
report('lineitem, whole', properties, rowsOfBlock, lineitemColumns.length);
for (const [name, [schema, json]] of Object.entries(kinds)) {
  const lines = Array.from({ length: rows }, (_, row) => `{"x":${json(row)}}\n`).join('');
  report(name, { x: schema }, new TextEncoder().encode(lines), 1);
}

function schemaOf({ kind, minimum }) {
  if (kind === 'text') return { type: 'string' };
  if (kind === 'date') return { type: 'string', format: 'date' };
  return minimum === undefined ? integer : kinds['integer of 32 bits'][0];
}

function headerOf(properties) {
  const schema = { type: 'object', properties };
  return { stream: 'bench', schema, extractedAt: '2030-01-01T00:00:00.000000Z', exact: 'number' };
}

function report(name, properties, lines, valuesOfRow) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const batch = Batch.ofLines(headerOf(properties), lines, rows);
    const startedAt = performance.now();
    batch.columns();
    least = Math.min(least, performance.now() - startedAt);
  }
  console.log(`  ${name.padEnd(30)} ${((least * 1e6) / rows / valuesOfRow).toFixed(1).padStart(8)}`);
}
