import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { programFile } from '../program-file.ts';
import { outcomes, resultsOf } from './results.ts';

afterEach(() => {
  delete process.env.BROKEN_CONFIG;
});

test('an honest tap passes every check', async () => {
  const results = await resultsOf('tap', {});
  expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(results.map(({ number }) => number)).toEqual([26, 27, 28, 33, 34, 35, 36, 37, 40, 42, 43, 44, 47, 51, 72]);
});

test.each([
  [26, 'text', 'one catalog and nothing else on stdout of --discover'],
  [26, 'no streams', 'at least one stream in the catalog: none'],
  [26, 'twice', "each tap_stream_id once: 'people' twice"],
  [26, 'discovery fails', 'exit code 0 of --discover: 1'],
  [27, 'type', "the schema of 'people' as a JSON Schema"],
  [27, 'reference', "the schema of 'people' as a JSON Schema"],
  [28, 'key', "'number' among the columns of 'people'"],
  [33, 'catalog refused', 'exit code 0 of --discover: 1'],
  [33, 'lost stream', 'the streams ["people","tags"]: ["people"]'],
  [34, 'late schema', "SCHEMA of 'people' before its records: line 1"],
  [35, 'text key', "the record in line 2, of 'people', as its SCHEMA says"],
  [37, 'null key', "the key id in each record of 'people': line 2 has no 'id'"],
  [40, 'all columns', "no 'name' in the records of 'people', where it is not selected: line 2 has it"],
  [42, 'forgets', "the bookmark of 'people' in every STATE after the first with it"],
  [43, 'state fails', 'exit code 0 of a run with the last STATE: 1'],
  [43, 'resumed forgets', "the bookmark of 'people', which stands in --state"],
  [
    43,
    'skips',
    'the record of line 4, people [2], again in a run that resumes from the STATE of line 3: it is missing',
  ],
  [51, 'log', 'a Singer message on each line of stdout, in strict JSON: line 2: "INFO people"'],
  [51, 'not a number', 'a Singer message on each line of stdout, in strict JSON: line 2'],
  [51, 'no value', 'STATE with value (object): line 2: no value'],
  [51, 'cut', 'a newline at the end of stdout'],
  [51, 'fails', 'exit code 0 of a read of all streams: 7; stderr ends with "the last line"'],
])('%i finds a tap that is broken: %s', async (number, broken, found) => {
  const [result] = outcomes(await resultsOf('tap', { broken }, { only: [number] }));
  expect(result).toMatch(new RegExp(`^${number} failed\n`));
  expect(result).toContain(found);
});

test.each([
  [33, 'order', 'streams in the same order each time'],
  [36, 'undeclared', "only declared columns in the records of 'people': 'more' in line 2"],
  [37, 'same key', 'each key of \'people\' once: "[1]" again in line 4'],
  [44, 'unselected', 'no RECORD: line 2'],
])('%i warns of a tap that breaks a rule of ours: %s', async (number, broken, found) => {
  const [result] = outcomes(await resultsOf('tap', { broken }, { only: [number] }));
  expect(result).toMatch(new RegExp(`^${number} warned\n`));
  expect(result).toContain(found);
});

test('47 finds a tap that SIGTERM does not end', async () => {
  const [result] = outcomes(await resultsOf('tap', { broken: 'stuck' }, { only: [47], stopSeconds: 0.3 }));
  expect(result).toMatch(/^47 failed\nan end within 0.3 s after SIGTERM: /);
});

test.each([
  ['ignored', 'failed', 'another exit code than 0 for a config file that is not there: 0'],
  ['stdout', 'failed', 'nothing on stdout: "no config'],
  ['silent', 'failed', 'a reason on stderr: it is empty'],
  ['stack', 'warned', 'a reason in words on stderr: a stack trace'],
])('72 checks how a missing config file is handled: %s', async (broken, status, found) => {
  process.env.BROKEN_CONFIG = broken;
  const [result] = outcomes(await resultsOf('tap', {}, { only: [72] }));
  expect(result).toMatch(new RegExp(`^72 ${status}\n`));
  expect(result).toContain(found);
});

test('a tap that only has --properties is read with it', async () => {
  const results = await resultsOf('tap', { broken: 'only properties' }, { only: [35, 43, 44, 51] });
  expect(outcomes(results)).toEqual(['35 passed', '43 passed', '44 passed', '51 passed']);
});

test('a catalog in the command line selects the streams to read', async () => {
  await using file = await programFile('');
  const catalog = join(file.folder, 'catalog.json');
  const entry = {
    tap_stream_id: 'tags',
    stream: 'tags',
    schema: {},
    metadata: [{ breadcrumb: [], metadata: { selected: true } }],
  };
  await writeFile(catalog, JSON.stringify({ streams: [entry] }));
  const flags = ['--catalog', catalog, '--state', '/nowhere/state.json'];
  // What is broken in the other stream does not count.
  const results = await resultsOf('tap', { broken: 'null key' }, { only: [33, 37, 43] }, flags);
  expect(outcomes(results)).toEqual(['33 passed', '37 passed', '43 passed']);
});

test('a tap is stopped at the record cap, and its other streams are read all the same', async () => {
  // The type of tags is looked at too: its record would not be there without a second round.
  const results = await resultsOf('tap', { broken: 'endless' }, { only: [34, 35, 42, 43, 51], recordCap: 20 });
  expect(outcomes(results)).toEqual(['34 passed', '35 passed', '42 passed', '43 passed', '51 passed']);
});

test.each([
  ['a password', { password: 'c0rrect horse' }],
  ['the password of an address', { url: 'db://me:s3same@host/x', password: undefined }],
])('%s in the config is masked when the tap prints it', async (_name, config) => {
  const results = await resultsOf('tap', { broken: 'leaks', ...config }, { only: [26] });
  expect(outcomes(results)[0]).toContain('stderr ends with "login refused for [secret]"');
});
