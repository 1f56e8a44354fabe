import { expect, test } from 'vitest';
import { lowestPosition, missingFromState, parseGtidPosition } from '../../c8_source_mysql/log/gtid-position.ts';
import { commonGtids, encodeGtidSet, type GtidSet, parseGtidSet } from '../../c8_source_mysql/log/gtid-set.ts';

const one = '427293ee-ec9f-11f1-bf03-02fc00000001';
const other = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
const setOf = (text: string) => parseGtidSet(text) as GtidSet;

test('a set of MySQL has the numbers of each source and tag', () => {
  const set = setOf(`${one.toUpperCase()}:1-5:7:nightly:1-3,\n${other}:2`);
  for (const gtid of [`${one}:5`, `${one}:7`, `${one}:nightly:3`, `${other}:2`]) expect(set.has(gtid)).toBe(true);
  for (const gtid of [`${one}:6`, `${one}:nightly:4`, `${other}:1`, `${other}:nightly:2`])
    expect(set.has(gtid)).toBe(false);
  set.add(`${one}:6`);
  set.add(`${one}:8`);
  set.add(`${other}:9`);
  expect(set.text()).toBe(`${one}:1-8,${one}:nightly:1-3,${other}:2:9`);
  expect(parseGtidSet(set.text())?.text()).toBe(set.text());
  expect(set.includes(`${one}:2-3:8,${other}:9`)).toBe(true);
  expect(set.includes(`${one}:2-9`)).toBe(false);
  expect(set.includes('')).toBe(true);
});

test.each(['nonsense', `${one}:x-y`, `${one.slice(1)}:1`])('%s is not a set', (text) => {
  expect(parseGtidSet(text)).toBeUndefined();
});

test('what several sets have in common is where all of them can be read on', () => {
  expect(commonGtids([setOf(`${one}:1-9,${other}:1-3`), setOf(`${one}:1-4:7-20`)]).text()).toBe(`${one}:1-4:7-9`);
});

test('a set is encoded as the server writes it to its files', () => {
  expect(encodeGtidSet(`${one}:1-422`).toString('hex')).toBe(
    '0100000000000000427293eeec9f11f1bf0302fc0000000101000000000000000100000000000000a701000000000000',
  );
  expect(encodeGtidSet(`${one}:1-422:nightly:1-4`).toString('hex')).toBe(
    '0102000000000001427293eeec9f11f1bf0302fc000000010001000000000000000100000000000000a701000000000000427293eeec9f11f1bf0302fc00000001' +
      '0e6e696768746c79010000000000000001000000000000000500000000000000',
  );
});

test('a position of MariaDB has the last transaction of each domain', () => {
  const position = parseGtidPosition('0-1-5,2-1-7');
  expect(position?.has('0-9-5')).toBe(true);
  expect(position?.has('0-1-6')).toBe(false);
  expect(position?.has('3-1-1')).toBe(false);
  position?.add('0-2-6');
  position?.add('3-1-1');
  expect(position?.text()).toBe('0-2-6,2-1-7,3-1-1');
  expect(parseGtidPosition('0-1')).toBeUndefined();
  expect(lowestPosition(['0-1-5,1-1-9', '0-1-7', '0-1-6,1-1-3'])).toBe('0-1-5');
});

test.each([
  ['0-1-5', '0-1-9', undefined],
  ['0-1-5', '0-1-4,0-2-9', /does not contain 0-1-5/],
  ['0-1-5', '0-2-9', undefined],
  ['0-1-5', '0-2-4', /does not contain 0-1-5/],
  ['0-1-5,3-1-1', '0-1-9', /nothing of the domain of 3-1-1/],
  ['', '', undefined],
])('the position %s on a server with the state %s', (position, state, reason) => {
  const missing = missingFromState(position, state);
  if (reason === undefined) expect(missing).toBeUndefined();
  else expect(missing).toMatch(reason);
});
