import type { Row } from 'c8connector';
import { Finding, shown } from '../check.ts';
import type { Program } from '../program/connector-program.ts';
import { checkExit, type Ended } from '../program/ended.ts';
import { recordMessages, schemaMessage, stateMessage, types } from './cases/target-case.ts';
import { checkReplayed } from './replayed-rows.ts';
import { singerText, type TargetContext } from './target-context.ts';

/** How long a program may take to print the state of its input, before it is killed anyway. */
const killMilliseconds = 3000;

const parts: readonly (readonly Row[])[] = [
  [
    { id: 1, name: 'one' },
    { id: 2, name: 'two' },
  ],
  [
    { id: 3, name: 'three' },
    { id: 4, name: 'four' },
  ],
];

/** The program's part of 69: it is killed with its input open, then started again with the input of a tap that resumes from the last printed state. */
export async function replayProgram(context: TargetContext, program: Program): Promise<void> {
  const files = { config: await context.config() };
  const stream = context.streamName('replay_program');
  const killed = await program.start([], files, {
    input: cutText(stream),
    isInputOpen: true,
    onLine: () => 'SIGKILL',
    killAfter: { signal: 'SIGKILL', milliseconds: killMilliseconds },
  });
  const position = lastPosition(await killed.ended, stream);
  checkExit(await program.run([], files, singerText(messagesFrom(position, stream))), 'the run that resumes');
  checkReplayed(
    await context.readBack(stream),
    parts.map((rows, index) => ({ rows, isOnce: context.isUpsert || index < position })),
  );
}

/** Input that ends in the middle of a RECORD line. The second SCHEMA differs, so that most targets store what came before it. */
function cutText(stream: string): string {
  const text = singerText(messagesFrom(0, stream));
  return text.slice(0, text.lastIndexOf('"three"') + 3);
}

function messagesFrom(position: number, stream: string): object[] {
  const all = parts.map((rows, index) => [
    schemaMessage(stream, { id: types.id, name: types.text, ...(index === 0 ? {} : { note: types.text }) }),
    ...recordMessages(stream, rows),
    stateMessage({ bookmarks: { [stream]: { at: index + 1 } } }),
  ]);
  return all.slice(position).flat();
}

/** How many parts are done according to the last complete state line. */
function lastPosition({ stdout }: Ended, stream: string): number {
  const line = stdout.split('\n').slice(0, -1).at(-1);
  if (line === undefined) return 0;
  const at = Number(/"at"\s*:\s*(\d+)/.exec(line)?.[1]);
  if (!line.includes(stream) || !(at >= 1))
    throw new Finding('only states of the input on stdout of a program that is killed', shown(line));
  return at;
}
