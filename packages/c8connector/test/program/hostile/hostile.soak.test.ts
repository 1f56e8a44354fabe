// Takes about 30 s.
import { testEnded, testRefused, testStored } from './hostile-tests.ts';
import { hostileInputs as inputs } from './inputs.ts';

testStored([
  ['2^30 references by anyOf', () => inputs.references(30), 1],
  ['lists 12 deep', () => inputs['nested lists'](12), 1],
  ['two of 20,000 columns in 50,000 records', () => inputs['few of many columns'](50_000), 50_000],
  ['20,000 schemas', () => inputs.schemas(20_000), 0],
  ['a state of 60 MB', () => inputs['a large state'](60), 0],
  ['a state of 60 MB with a decimal', () => inputs['a large state'](60, ',"at":1.50'), 0],
  ['a schema of 900,000 lists', () => inputs['a schema of lists'](900_000), 0],
  ['a state of 500,000 keys', () => inputs['a state of many keys'](500_000), 0],
  ['a state of 200,000 numbers', () => inputs['a state of many numbers'](200_000), 0],
  ['a million blank lines', () => inputs['blank lines'](1_000_000), 0],
]);

testRefused([
  ['values 100,000 deep', () => inputs['nested values'](100_000), 'it is nested deeper than 1000 levels'],
  ['a schema of 60 MB of lists', () => inputs['a schema of lists'](20_000_000), 'it holds more than 1000000 values'],
  ['a version of 60 MB of lists', () => inputs['a version of lists'](20_000_000), 'is not a number of 64 bits: [[],[]'],
]);

testEnded([
  ['new keys without end', () => inputs['new keys in each record'](Number.POSITIVE_INFINITY), 1000],
  ['schemas without end', () => inputs.schemas(Number.POSITIVE_INFINITY), 2000],
  ['states without end', () => inputs.states(Number.POSITIVE_INFINITY), 1000],
  ['blank lines without end', () => inputs['blank lines'](Number.POSITIVE_INFINITY), 1000],
]);
