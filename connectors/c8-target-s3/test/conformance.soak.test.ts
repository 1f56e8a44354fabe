// Takes about 300 s.
// Their bytes are tested in text-formats.test.ts and csv.test.ts; this is the whole suite.
import { testTarget } from 'c8connector-testing';
import { testedFormat, testedRows } from './tested-format.ts';

for (const format of ['jsonl', 'json', 'csv']) testTarget(testedFormat(format));
testTarget(testedRows());
