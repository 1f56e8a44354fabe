// Takes about 35 s.
import { testEnded, testRefused, testStored } from './hostile-tests.ts';
import { hostileInputs as inputs } from './inputs.ts';

// More of them are in hostile.soak.test.ts.
testStored([
  ['2^400 references by allOf', () => inputs.references(400, 'allOf'), 1],
  ['a chain of 100,000 references', () => inputs['chained references'](100_000), 1],
  ['lists 900 deep', () => inputs['nested lists'](900), 1],
  ['values 990 deep', () => inputs['nested values'](990), 100],
  ['20,000 columns', () => inputs.columns(20_000), 3],
  ['new keys in 100,000 records', () => inputs['new keys in each record'](100_000), 100_000],
  ['unknown columns in 200,000 records', () => inputs['unknown columns in each record'](200_000), 200_000],
  ['200,000 unknown types', () => inputs['unknown types'](200_000), 0],
  ['1,000 streams that take turns', () => inputs['streams that take turns'](100_000), 100_000],
  ['100,000 states', () => inputs.states(100_000), 0],
  ['a state of 60 MB with a letter that has two bytes', () => inputs['a large state'](60, ',"at":1.50,"c":"я"'), 0],
  ['a state of a million lists', () => inputs['a state of lists'](1_000_000), 0],
  ['a line of 63 MB', () => inputs['a long line'](63), 1],
  ['numbers of 10 million digits', () => inputs['a long number'](10), 0],
  ['a key of 10 MB', () => inputs['a long key'](10), 2],
  ['20 MB of halves of surrogate pairs', () => inputs['halves of surrogate pairs'](20), 1],
]);

testRefused([
  ['100,000 columns', () => inputs.columns(100_000), 'it has 100000 columns, and 20000 are the most'],
  ['a million streams', () => inputs.streams(1_000_000), 'it is one stream more than 10000'],
  ['values 1,001 deep', () => inputs['nested values'](1001), 'it is nested deeper than 1000 levels'],
  [
    'a state of 60 MB of lists',
    () => inputs['a state of lists'](20_000_000),
    'line 1: it holds more than 1000000 values',
  ],
  ['a line of 65 MB', () => inputs['a long line'](65), 'line 2: it is longer than 64 MB'],
  ['a stream of 10 MB without its SCHEMA', () => inputs['a long name'](10), 'line 3: a RECORD of the stream \\"kkkk'],
]);

testEnded([
  ['streams that take turns without end', () => inputs['streams that take turns'](Number.POSITIVE_INFINITY), 1500],
  ['a large state', () => inputs['a large state'](40), 300],
]);
