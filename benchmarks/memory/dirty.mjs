/** Forty columns of expensive values: long and nearly unique, with many digits, out of range, nested, each null in every ninth row. `N` is the number of the column. */
const kinds = [
  "repeat(md5(id::text || 'N'), 1 + (id + N) % 20)",
  "E'tab\\t, line\\nbreak, \\\\, quote \" 🐎 ' || md5((id * N)::text)",
  "jsonb_build_object('id', id, 'digits', id * 123456789012345678901.5 + N, 'list', array[id, N], 'text', md5(id::text))",
  'array[id, null, N, id * 7 % 1000]',
  "array[md5(id::text), null, '', 'N']",
  'id * 12345678901234567890123456789.123456789012345678901234567890 + N',
  '(id * 123456789012345678.0123456789 + N)::numeric(38,10)',
  `case when id % 50 = 0 then 'infinity' when id % 51 = 0 then '0044-03-15 BC'
    else '2000-01-01'::timestamptz + id * interval '1.234567 s' + N * interval '1 day' end`,
  `case when id % 50 = 1 then '-infinity' when id % 51 = 1 then '20000-01-01'
    else '2000-01-01'::timestamp + id * interval '1.000001 s' end`,
  "case when id % 100 = 0 then double precision 'nan' else sin(id * N) end",
];

/** The query that makes a table of this many such rows, 2.7 kB each. */
export function dirtyTable(name, rows) {
  const columns = Array.from({ length: 40 }, (_, index) => {
    const value = kinds[index % kinds.length].replaceAll(/\bN\b/g, String(index + 1));
    return `case when (id + ${index}) % 9 <> 0 then ${value} end AS c${index}`;
  });
  return `CREATE UNLOGGED TABLE ${name} AS SELECT id::int AS id, ${columns.join(', ')} FROM generate_series(1, ${rows}) AS ids(id)`;
}
