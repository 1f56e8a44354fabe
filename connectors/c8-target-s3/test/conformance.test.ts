import { testTarget } from 'c8connector-testing';
import { testedFormat } from './tested-format.ts';

for (const format of ['jsonl', 'parquet']) testTarget(testedFormat(format));
