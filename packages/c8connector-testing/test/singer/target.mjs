/* A target that stores nothing. Its config says in `broken` which rule it breaks. */
import { existsSync, readFileSync } from 'node:fs';

const file = process.argv[process.argv.indexOf('--config') + 1] ?? '';
if (!existsSync(file)) {
  console.error(`there is no file ${file}`);
  process.exit(2);
}
const { broken = '' } = JSON.parse(readFileSync(file, 'utf8'));
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const fail = (reason) => {
  console.error(reason);
  process.exit(1);
};

const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean);
const schemas = new Map();
const states = [];
/** Refuses the input, with the states so far. */
const refuse = (reason) => {
  if (broken === 'lenient') return;
  if (broken === 'state behind') print(JSON.parse(lines.at(-1)).value);
  else if (states.length > 0) print(states.at(-1));
  fail(reason);
};
if (broken === 'empty state' && lines.length === 0) print({});
for (const line of lines) {
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    refuse('a line is not JSON');
    continue;
  }
  const { type, stream } = message;
  if (broken === 'crash') fail('it broke');
  if (broken.startsWith('crash ') && stream?.startsWith(`c8check_${broken.slice(6)}_`)) fail('it broke');
  if (broken === 'no versions' && type === 'ACTIVATE_VERSION') fail('unknown message');
  if (type === 'STATE') states.push(message.value);
  if (type === 'SCHEMA') {
    if (Object.values(message.schema.properties ?? {}).some((each) => typeof each !== 'object')) refuse('bad schema');
    schemas.set(stream, message);
  }
  if (type !== 'RECORD') continue;
  const schema = schemas.get(stream);
  if (schema === undefined) refuse('a record before its schema');
  const wanted = [
    ...(schema?.key_properties ?? []),
    ...((broken === 'no required' ? [] : schema?.schema.required) ?? []),
  ];
  if (wanted.some((name) => (message.record[name] ?? null) === null)) refuse('a column is missing');
}
if (broken === 'log') print('done');
if (broken === 'own state' && lines.length > 0) print({ bookmarks: {} });
if (broken === 'message') for (const value of states) print({ type: 'STATE', value });
else if (broken === 'order') for (const value of states.reverse()) print(value);
else if (broken === 'all states') for (const value of states) print(value);
else if (broken === 'first state' && states.length > 0) print(states[0]);
else if (states.length > 0) print(states.at(-1));
if (broken === 'twice' && states.length > 0) print(states.at(-1));
