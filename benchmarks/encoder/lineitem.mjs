/** Blocks of typed arrays with rows like those of TPC-H's lineitem: its columns, and how often each of their values repeats. The same seed gives the same rows. */

const money = { kind: 'decimal', precision: 15, scale: 2 };

export const columns = [
  { name: 'l_orderkey', type: { kind: 'integer' } },
  { name: 'l_partkey', type: { kind: 'integer' } },
  { name: 'l_suppkey', type: { kind: 'integer' } },
  { name: 'l_linenumber', type: { kind: 'integer', minimum: -(2n ** 31n), maximum: 2n ** 31n - 1n } },
  { name: 'l_quantity', type: money },
  { name: 'l_extendedprice', type: money },
  { name: 'l_discount', type: money },
  { name: 'l_tax', type: money },
  { name: 'l_returnflag', type: { kind: 'text' } },
  { name: 'l_linestatus', type: { kind: 'text' } },
  { name: 'l_shipdate', type: { kind: 'date' } },
  { name: 'l_commitdate', type: { kind: 'date' } },
  { name: 'l_receiptdate', type: { kind: 'date' } },
  { name: 'l_shipinstruct', type: { kind: 'text' } },
  { name: 'l_shipmode', type: { kind: 'text' } },
  { name: 'l_comment', type: { kind: 'text' } },
];

const instructions = ['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'].map((text) => text.padEnd(25));
const modes = ['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'].map((text) => text.padEnd(10));
const words =
  'foxes ideas theodolites pinto beans instructions dependencies excuses platelets asymptotes courts dolphins multipliers sauternes warthogs frets dinos attainments somas Tiresias sleep wake are cajole haggle nag use boost affix detect integrate maintain nod was lose sublate solve thrash promise engage hinder print furious sly careful blithe quick fluffy slow quiet ruthless thin close dogged daring brave stealthy permanent enticing idle busy regular final ironic even bold silent about above according to across after against along alongside of among around at atop before behind beneath beside besides between beyond by despite during'.split(
    ' ',
  );

/** 2,406 days from 1992-01-02 on. */
const firstDay = 8036;
/** 1995-06-17. */
const currentDay = 9298;

/** `rows` rows in blocks of this many. */
export function lineitem(rows, blockRows) {
  const random = randomNumbers(1);
  const order = { key: 0, lines: 0, line: 0, date: 0 };
  const blocks = [];
  for (let start = 0; start < rows; start += blockRows)
    blocks.push(fill(newBlock(Math.min(blockRows, rows - start)), random, order));
  return blocks;
}

function newBlock(rows) {
  const of = {
    integer: ({ maximum }) =>
      maximum === undefined
        ? { kind: 'int64', values: new Int32Array(rows * 2) }
        : { kind: 'int32', values: new Int32Array(rows) },
    decimal: () => ({ kind: 'int64', values: new Int32Array(rows * 2) }),
    date: () => ({ kind: 'int32', values: new Int32Array(rows) }),
    text: () => ({ kind: 'bytes', bytes: new Uint8Array(rows * 44), ends: new Int32Array(rows) }),
  };
  return { rows, columns: columns.map(({ type }) => of[type.kind](type)) };
}

function fill(block, random, order) {
  for (let row = 0; row < block.rows; row++) {
    if (order.line === order.lines) {
      order.key += order.key % 8 === 0 ? 25 : 1;
      order.lines = 1 + random(7);
      order.line = 0;
      order.date = firstDay + random(2406);
    }
    order.line++;
    const part = 1 + random(200_000);
    const quantity = 1 + random(50);
    const shipped = order.date + 1 + random(121);
    const received = shipped + 1 + random(30);
    const values = [
      order.key,
      part,
      1 + ((part + random(4) * 2501) % 10_000),
      order.line,
      quantity * 100,
      quantity * (90_000 + ((part / 10) % 20_001) + 100 * (part % 1000)),
      random(11),
      random(9),
      received > currentDay ? 'N' : 'AR'[random(2)],
      shipped > currentDay ? 'O' : 'F',
      shipped,
      order.date + 30 + random(61),
      received,
      instructions[random(4)],
      modes[random(7)],
      comment(random),
    ];
    for (let column = 0; column < values.length; column++) set(block.columns[column], row, values[column]);
  }
  return block;
}

/** A substring of 10 to 43 characters of a text of words. */
function comment(random) {
  let text = '';
  while (text.length < 60) text += `${words[random(words.length)]} `;
  const start = random(10);
  return text.slice(start, start + 10 + random(34));
}

function set(column, row, value) {
  if (column.kind === 'int32') column.values[row] = value;
  else if (column.kind === 'int64') {
    column.values[row * 2] = Math.floor(value);
    column.values[row * 2 + 1] = Math.floor(value / 2 ** 32);
  } else {
    let end = row === 0 ? 0 : column.ends[row - 1];
    for (let index = 0; index < value.length; index++) column.bytes[end++] = value.charCodeAt(index);
    column.ends[row] = end;
  }
}

/** Whole numbers from 0 to below a limit: xorshift, which is even enough here. */
function randomNumbers(seed) {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
