import { selectStreams } from 'c8connector';
import { Finding } from '../../check.ts';
import type { Program } from '../../program/connector-program.ts';
import { type Ended, exitText, stdoutLines } from '../../program/ended.ts';
import { messagesOf } from '../recording/printed-read.ts';
import { lastState } from '../recording/recording.ts';
import { tablesAfter } from '../recording/tables.ts';
import type { SourceContext } from '../source-context.ts';
import { checkMessages } from '../source-program.ts';
import { resumeProgram } from './killed.ts';
import { checkResumed } from './resume.ts';

/** Seconds within which a program must end after a signal: its grace period, and time to start and to end. */
const grace = 12;
const attempts = 3;

/** Part 47 of the program: stopped by SIGTERM, then resumed from its last state. */
export async function stopProgram(context: SourceContext): Promise<void> {
  const program = await context.program();
  const { catalog: whole } = await context.printed();
  const { capped } = await context.read();
  const catalog = capped.size === 0 ? whole : await context.catalog();
  const files = { config: await context.config(), catalog };
  let ended = await stoppedRun(program, files);
  // A finished program no longer handles signals while it exits: another attempt shows whether that was the reason.
  for (let attempt = 1; attempt < attempts && ended.code === null; attempt++) ended = await stoppedRun(program, files);
  checkMessages(stdoutLines(ended, 'whole lines on stdout of a program that SIGTERM stopped'));
  if (ended.code !== 143 && ended.code !== 0) throw new Finding('exit code 143 after SIGTERM', exitText(ended));
  const before = await messagesOf(ended.stdout);
  if (ended.code === 0) {
    context.note('47 the program had ended before SIGTERM came: its streams are too small to show what it does then');
  }
  if (capped.size > 0) return;
  const { ended: full } = await context.printed();
  const state = lastState(before);
  const name = 'the last STATE of a program that SIGTERM stopped';
  const resumed = ended.code === 0 ? [] : await resumeProgram(program, files, state, name);
  if (selectStreams(catalog).length > 0)
    checkResumed(
      tablesAfter(await messagesOf(full?.stdout ?? '')),
      before,
      { messages: resumed, capped: new Set() },
      state,
      name,
    );
}

/** Sends SIGTERM as soon as the program prints. */
async function stoppedRun(program: Program, files: Readonly<Record<string, unknown>>): Promise<Ended> {
  const running = await program.start([], files, { grace });
  await running.began;
  running.kill('SIGTERM');
  const ended = await running.ended;
  if (ended.signal === 'SIGKILL')
    throw new Finding(`the end of the program within ${grace} s after SIGTERM`, 'it was still at work');
  return ended;
}
