import type { Check } from '../check.ts';
import { interfaceChecks } from '../interface/interface-checks.ts';
import { abortedWrite } from './aborted-write.ts';
import { absentColumns } from './absent-columns.ts';
import { durableStates } from './acknowledgement.ts';
import { answersChecks } from './answers/answers-checks.ts';
import { caseChecks } from './cases/target-cases.ts';
import { deadLetter } from './dead-letter.ts';
import { interleavedStreams } from './interleaved-streams.ts';
import { manyRows } from './many-rows.ts';
import { recoveredState } from './recovered-state.ts';
import { recovery } from './recovery.ts';
import { replay } from './replay.ts';
import { reservedKeys } from './reserved-keys.ts';
import { rowsInOrder } from './rows-in-order.ts';
import { targetSecrets } from './secrets-of-target.ts';
import type { TargetContext } from './target-context.ts';
import { targetProgram } from './target-program.ts';
import { targetTimeZone } from './target-time-zone.ts';
import { unchangedTarget } from './unchanged-target.ts';
import { versionsAndDeletes } from './versions.ts';
import { writesAtOnce } from './writes-at-once.ts';

/** The checks of every target, in the order of their numbers. */
export const targetChecks: readonly Check<TargetContext>[] = [
  ...interfaceChecks,
  unchangedTarget,
  targetSecrets,
  targetProgram,
  ...caseChecks,
  durableStates,
  replay,
  versionsAndDeletes,
  deadLetter,
  recovery,
  absentColumns,
  recoveredState,
  reservedKeys,
  interleavedStreams,
  writesAtOnce,
  manyRows,
  abortedWrite,
  targetTimeZone,
  ...answersChecks,
  rowsInOrder,
];
