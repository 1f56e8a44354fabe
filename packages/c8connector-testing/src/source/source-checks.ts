import type { Check } from '../check.ts';
import { interfaceChecks } from '../interface/interface-checks.ts';
import { unchangedSource } from '../unchanged.ts';
import { backPressure } from './back-pressure.ts';
import { deselection } from './deselection.ts';
import { streams, validSchemas } from './discovery.ts';
import { sameDiscovery } from './discovery-order.ts';
import { earlyEnd } from './early-end.ts';
import { expectedRows } from './expected-rows.ts';
import { futureState, secondRun } from './incremental.ts';
import { killed } from './killed.ts';
import { primaryKeys } from './primary-keys.ts';
import { declaredFields, sameTwice, schemaFirst } from './reading.ts';
import { validRecords } from './records.ts';
import { replicationFacts } from './replication.ts';
import { resume } from './resume.ts';
import { boundedSamples } from './sample-bounds.ts';
import { emptyStream, samplesMatch } from './samples.ts';
import { sourceSecrets } from './secrets-of-source.ts';
import { singerTarget } from './singer-target.ts';
import type { SourceContext } from './source-context.ts';
import { sourceProgram } from './source-program.ts';
import { states } from './states.ts';
import { stopped } from './stopped.ts';
import { streamKeys } from './stream-keys.ts';
import { unknownStream } from './unknown-stream.ts';

/** What every source must pass, in the order of the numbers. */
export const sourceChecks: readonly Check<SourceContext>[] = [
  ...interfaceChecks,
  unchangedSource,
  sourceSecrets,
  streams,
  validSchemas,
  streamKeys,
  replicationFacts,
  samplesMatch,
  boundedSamples,
  emptyStream,
  sameDiscovery,
  schemaFirst,
  validRecords,
  declaredFields,
  primaryKeys,
  sameTwice,
  unknownStream,
  deselection,
  earlyEnd,
  states,
  resume,
  futureState,
  secondRun,
  killed,
  stopped,
  singerTarget,
  backPressure,
  expectedRows,
  sourceProgram,
];
