import type { Check } from './check.ts';
import { streams, validSchemas } from './discovery.ts';
import { interfaceChecks } from './interface-checks.ts';
import { declaredFields, sameTwice, schemaFirst } from './reading.ts';
import { validRecords } from './records.ts';
import { emptyStream, samplesMatch } from './samples.ts';
import { sourceSecrets } from './secrets-of-source.ts';
import type { SourceContext } from './source-context.ts';
import { sourceProgram } from './source-program.ts';

/** What every source must pass, in the order of the numbers. */
export const sourceChecks: readonly Check<SourceContext>[] = [
  ...interfaceChecks,
  sourceSecrets,
  streams,
  validSchemas,
  samplesMatch,
  emptyStream,
  schemaFirst,
  validRecords,
  declaredFields,
  sameTwice,
  sourceProgram,
];
