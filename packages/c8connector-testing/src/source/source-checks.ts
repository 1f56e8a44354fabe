import type { Check } from '../check.ts';
import { interfaceChecks } from '../interface/interface-checks.ts';
import { answersChecks } from './answers/answers-checks.ts';
import { changesChecks } from './changes/changes-checks.ts';
import { sameDiscovery } from './discovery/discovery-order.ts';
import { replicationMethods } from './discovery/replication.ts';
import { boundedSamples } from './discovery/sample-bounds.ts';
import { emptyStream, samplesMatch } from './discovery/samples.ts';
import { streamKeys } from './discovery/stream-keys.ts';
import { streams, validSchemas } from './discovery/streams.ts';
import { abortedRead } from './reading/aborted-read.ts';
import { backPressure } from './reading/back-pressure.ts';
import { declaredFields } from './reading/declared-fields.ts';
import { deselection } from './reading/deselection.ts';
import { earlyEnd } from './reading/early-end.ts';
import { expectedRows } from './reading/expected-rows.ts';
import { primaryKeys } from './reading/primary-keys.ts';
import { readsAtOnce } from './reading/reads-at-once.ts';
import { validRecords } from './reading/records.ts';
import { sameTwice } from './reading/same-twice.ts';
import { schemaFirst } from './reading/schema-first.ts';
import { sourceTimeZone } from './reading/source-time-zone.ts';
import { unknownStream } from './reading/unknown-stream.ts';
import { futureState, secondRun } from './resuming/incremental.ts';
import { killed } from './resuming/killed.ts';
import { resume } from './resuming/resume.ts';
import { states } from './resuming/states.ts';
import { stopped } from './resuming/stopped.ts';
import { sourceSecrets } from './secrets-of-source.ts';
import { singerTarget } from './singer-target.ts';
import type { SourceContext } from './source-context.ts';
import { sourceProgram } from './source-program.ts';
import { unchangedSource } from './unchanged-source.ts';

/** The checks of every source, in the order of their numbers. */
export const sourceChecks: readonly Check<SourceContext>[] = [
  ...interfaceChecks,
  unchangedSource,
  sourceSecrets,
  streams,
  validSchemas,
  streamKeys,
  replicationMethods,
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
  ...changesChecks,
  readsAtOnce,
  sourceTimeZone,
  abortedRead,
  ...answersChecks,
];
