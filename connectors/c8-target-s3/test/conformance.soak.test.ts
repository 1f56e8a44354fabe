// Their bytes are tested in text-formats.test.ts and csv.test.ts; this is the whole suite.
import { testTarget } from 'c8connector-testing';
import { testedFormat } from './tested-format.ts';

for (const format of ['json', 'csv']) testTarget(testedFormat(format));
