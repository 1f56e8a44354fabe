/** Types with extreme parameters and values. Each is a column in the tests that validate records against their schemas. */
const extremeTypes: readonly (readonly [type: string, ...values: string[]])[] = [
  ['boolean', 'true', 'false'],
  ['smallint', '-32768', '32767'],
  ['bigint', '-9223372036854775808', '9223372036854775807'],
  ['oid', '4294967295'],
  ['numeric', '1e100', "'NaN'", "'-Infinity'", '-0.1'],
  ['numeric(1000,330)', '1e-330', '0', '1'],
  ['numeric(1000,1000)', '1e-1000', '0.5'],
  ['numeric(5,-400)', '0'],
  ['numeric(1000,-1000)', '0'],
  ['numeric(3,-2)', '12345', '-99900'],
  ['numeric(2,4)', '0.0099'],
  ['numeric(38,38)', '0.99999999999999999999999999999999999999'],
  ['real', "'NaN'", '3.4028235e38', '1e-45'],
  ['double precision', "'Infinity'", '5e-324', '-1.7976931348623157e308'],
  ['money', "'-92233720368547758.08'", "'92233720368547758.07'", "'0.01'"],
  ['varchar(10485760)', "''", "repeat('☃', 100)"],
  ['char(10)', "'a'"],
  ['"char"', "'a'"],
  ['text', "E'\\x01\"\\\\'"],
  ['bit(1)', "B'1'"],
  ['bit(83886080)', 'null'],
  ['varbit(64)', "B''", "B'101'"],
  ['uuid', "'ffffffff-ffff-ffff-ffff-ffffffffffff'"],
  ['json', `'"\\ud800"'`, "'1e400'", "'[]'"],
  ['jsonb', `'{"a": null}'`],
  ['date', "'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'", "'0001-01-01'", "'9999-12-31'"],
  ['time(6)', "'00:00'", "'24:00'", "'23:59:59.999999'"],
  ['timetz', "'24:00:00-15:59:59'", "'00:00:00+15:59:59'", "'12:34:56.789012+05:30'", "'24:00:00+00'"],
  ['timestamp', "'infinity'", "'4713-01-01 00:00 BC'", "'294276-12-31'", "'2023-04-05 06:07:08.123456'"],
  ['timestamptz', "'-infinity'", "'0001-01-01 00:00:00+00'", "'9999-12-31 23:59:59.999999+00'"],
  [
    'interval',
    "'infinity'",
    "'-infinity'",
    "'178000000 years'",
    "'-178000000 years'",
    "'1 year -2 days 03:04:05.678'",
    "'0'",
  ],
  ['bytea', "''", "'\\xff00'"],
  ['int[]', "'{}'", "'{{{1,NULL},{2,3}}}'", "'[-5:-4]={1,2}'"],
  ['date[][]', "'{infinity,NULL}'", "'{{-infinity},{2023-04-05}}'"],
  ['json[]', `array['[1]', 'null', null]::json[]`],
  ['money[]', '\'{"$1,000.00",NULL}\''],
  ['numeric(1000,330)[]', 'array[1e-330, null]'],
  ['hstore', `'"a"=>NULL,"b"=>"\\""'`, "''"],
  ['hstore[]', `array['"a"=>"{}"'::hstore, null]`],
  ['tags', "'{a,b}'"],
  ['tags[]', `array['{a,"b c"}'::tags, null]`],
  ['hidden', "'{{1,2},{3,4}}'"],
  ['steps', '1e-330'],
  ['mood', "'so so'"],
  ['mood[]', "'{so so}'"],
  ['moods', "'[sad,so so)'"],
  ['int4range', "'empty'", "'(,)'"],
  ['datemultirange', "'{}'"],
  ['pair', 'row(null, \'{"1"}\')'],
  ['pair[]', "array[row('infinity', null)::pair]"],
  ['xml', "'<a/>'"],
  ['point', "'(Infinity,NaN)'"],
  ['inet', "'::1/128'"],
];

/** Creates the types, and a table with a column of each, whose rows have their values; the last row has nulls. */
export const extremeTypesSql = `
create extension hstore;
create type mood as enum ('sad', 'so so');
create type moods as range (subtype = mood);
create type pair as (x date, y text[]);
create domain tags as text[];
create domain hidden as int[] check (true);
create domain steps as numeric(1000, 330);
create table extremes (id int primary key, ${extremeTypes.map(([type], index) => `c${index} ${type}`).join(', ')});
${Array.from({ length: Math.max(...extremeTypes.map(({ length }) => length)) }, (_, row) => {
  const values = extremeTypes.map(([type, ...literals]) => `(${literals[row] ?? 'null'})::${type}`);
  return `insert into extremes values (${[row, ...values].join(', ')});`;
}).join('\n')}
create view seen as select * from extremes;
create table copied as select * from extremes;
`;
