// Takes about 35 s.
import { testTarget } from 'c8connector-testing';
import { testedFormat } from './tested-format.ts';

// The default format; the others are in conformance.soak.test.ts.
testTarget(testedFormat('parquet'));
