import type { Check } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { absentColumns } from './absent-columns.ts';
import { commitOrder } from './commit-order.ts';
import { confirmation } from './confirmation.ts';
import { deletes } from './deletes.ts';
import { idleLog } from './idle-log.ts';
import { joiningStream } from './joining-stream.ts';
import { keyChanges } from './key-changes.ts';
import { logColumns } from './log-columns.ts';
import { logEnd } from './log-end.ts';
import { noGap } from './no-gap.ts';
import { ownPositions } from './own-positions.ts';
import { resumedLog } from './resumed-log.ts';
import { schemaChanges } from './schema-changes.ts';
import { truncates } from './truncates.ts';

/** The checks of a source that follows a log, in the order of their numbers. */
export const changesChecks: readonly Check<SourceContext>[] = [
  noGap,
  commitOrder,
  logColumns,
  deletes,
  keyChanges,
  absentColumns,
  truncates,
  schemaChanges,
  joiningStream,
  ownPositions,
  resumedLog,
  confirmation,
  logEnd,
  idleLog,
];
