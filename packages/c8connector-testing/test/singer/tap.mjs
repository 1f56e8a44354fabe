/* A tap of two streams. Its config says in `broken` which rule it breaks. */
import { readFileSync } from 'node:fs';

const argv = process.argv.slice(2);
const fileOf = (...flags) => {
  const at = argv.findIndex((word) => flags.includes(word));
  return at < 0 ? undefined : JSON.parse(readFileSync(argv[at + 1], 'utf8'));
};
const print = (value) => process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);

if (argv.includes('--about')) {
  print({ name: 'demo', capabilities: ['catalog', 'discover', 'state'] });
  process.exit(0);
}
let config;
try {
  config = fileOf('--config');
} catch (error) {
  if (process.env.BROKEN_CONFIG === 'stack') throw error;
  if (process.env.BROKEN_CONFIG === 'stdout') print('no config');
  else if (process.env.BROKEN_CONFIG !== 'silent') console.error('there is no config file');
  process.exit(process.env.BROKEN_CONFIG === 'ignored' ? 0 : 1);
}
const { broken = '' } = config;
if (broken === 'leaks') {
  console.error(`login refused for ${config.password ?? new URL(config.url).password}`);
  process.exit(1);
}
if (broken === 'only properties' && argv.includes('--catalog')) {
  console.error('error: unrecognized arguments: --catalog');
  process.exit(2);
}

const people = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: ['null', 'string'] } },
};
const tags = { type: 'object', properties: { tag: { type: 'string' } } };
if (broken === 'type') people.properties.id = { type: 'whole' };
if (broken === 'reference') people.properties.id = { $ref: '#/definitions/none' };

if (argv.includes('--discover')) {
  const entry = (id, schema, keys) => ({
    tap_stream_id: id,
    stream: id,
    schema,
    key_properties: keys,
    metadata: [{ breadcrumb: [], metadata: { inclusion: 'available', 'table-key-properties': keys } }],
  });
  const streams = [entry('people', people, [broken === 'key' ? 'number' : 'id']), entry('tags', tags, ['tag'])];
  if (broken === 'text') print('2 streams found');
  if (broken === 'no streams') streams.length = 0;
  if (broken === 'twice') streams.push(streams[0]);
  if (broken === 'discovery fails') process.exitCode = 1;
  if (argv.includes('--catalog')) {
    if (broken === 'catalog refused') process.exit(1);
    if (broken === 'order') streams.reverse();
    if (broken === 'lost stream') streams.pop();
  }
  print({ streams });
} else {
  const catalog = fileOf('--catalog', '--properties') ?? { streams: [] };
  const isSelected = (id) =>
    broken === 'unselected' ||
    catalog.streams.some((stream) =>
      argv.includes('--properties')
        ? stream.tap_stream_id === id && stream.schema.selected
        : stream.tap_stream_id === id && stream.metadata[0].metadata.selected,
    );
  const deselected = catalog.streams.flatMap(({ metadata }) =>
    metadata.filter((each) => each.metadata.selected === false).map(({ breadcrumb }) => breadcrumb[1]),
  );
  const state = fileOf('--state') ?? { bookmarks: {} };
  if (broken === 'state fails' && argv.includes('--state')) process.exit(1);
  const schema = (stream, value, key_properties) => print({ type: 'SCHEMA', stream, schema: value, key_properties });
  const record = (stream, value) => print({ type: 'RECORD', stream, record: value });
  const bookmark = (stream, value) => {
    if (broken === 'forgets' || (broken === 'resumed forgets' && argv.includes('--state'))) state.bookmarks = {};
    state.bookmarks[stream] = value;
    print({ type: 'STATE', value: state });
  };
  if (broken === 'stuck') process.on('SIGTERM', () => undefined);
  if (isSelected('people')) {
    if (broken !== 'late schema') schema('people', people, ['id']);
    if (broken === 'log') print('INFO people');
    if (broken === 'not a number') print('{"type":"RECORD","stream":"people","record":{"id":NaN}}');
    if (broken === 'no value') print({ type: 'STATE' });
    const rows = broken === 'endless' ? 100_000 : 3;
    for (let id = (state.bookmarks.people?.id ?? 0) + 1; id <= rows; id += 1) {
      const row = { id, name: null };
      if (broken !== 'all columns' && deselected.includes('name')) delete row.name;
      if (broken === 'text key') row.id = String(id);
      if (broken === 'null key') delete row.id;
      if (broken === 'same key') row.id = 1;
      if (broken === 'undeclared') row.more = true;
      record('people', row);
      if (id < 3) bookmark('people', { id: broken === 'skips' ? id + 1 : id });
    }
    if (broken === 'late schema') schema('people', people, ['id']);
    bookmark('people', { id: 3 });
  }
  if (isSelected('tags')) {
    schema('tags', tags, ['tag']);
    record('tags', { tag: 'one' });
    bookmark('tags', { done: true });
  }
  if (broken === 'cut') process.stdout.write('{"type":');
  if (broken === 'fails') {
    console.error('first line\nthe last line');
    process.exitCode = 7;
  }
  if (broken === 'stuck') setTimeout(() => undefined, 20_000);
}
