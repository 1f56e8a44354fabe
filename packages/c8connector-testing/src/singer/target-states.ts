import { type Check, Finding, shown } from '../check.ts';
import { checkExit, exitText } from '../program/ended.ts';
import { recordMessages, schemaMessage, stateMessage, types } from '../target/cases/target-case.ts';
import { statesIn } from './target-cases.ts';
import { checkAccepted, type TargetProgramContext } from './target-context.ts';

const where = 'when the target writes a state to stdout, and what else writes there; logs belong on stderr';
const columns = { id: types.id, name: types.text };

/** 51 */
const emptyInput: Check<TargetProgramContext> = {
  number: 51,
  title: 'empty input prints nothing, and neither does input without a STATE',
  where,
  async run(context) {
    const empty = await context.feed([]);
    checkExit(empty, 'empty input');
    if (empty.stdout !== '') throw new Finding('nothing on stdout for empty input', shown(empty.stdout));
    const stream = context.streamName('no_state');
    const end = await context.feed([
      schemaMessage(stream, columns),
      ...recordMessages(stream, [{ id: 1, name: 'one' }]),
    ]);
    checkExit(end, 'input without a STATE');
    if (end.stdout !== '') throw new Finding('nothing on stdout for input without a STATE', shown(end.stdout));
  },
};

/** 68 */
const severalStates: Check<TargetProgramContext> = {
  number: 68,
  title:
    'multiple_state_messages: stdout carries only states of the input, bare and in its order, and the last one at the end',
  where,
  async run(context) {
    const stream = context.streamName('multiple_state_messages');
    const messagesWith = (more: Readonly<Record<string, unknown>>) =>
      [1, 2, 3].flatMap((at) => [
        ...(at === 1 ? [schemaMessage(stream, columns)] : []),
        ...recordMessages(stream, [{ id: at, name: `row ${at}` }]),
        stateMessage({ bookmarks: { [stream]: { at, moment: '2023-04-05T06:07:08.123456Z' } }, ...more }),
      ]);
    const plain = messagesWith({ currently_syncing: stream });
    checkAccepted(context, await context.feed(plain), statesIn(plain));
    // A state is opaque to a target, which must return it unchanged.
    const odd = messagesWith({ lists: [[], null, { deep: 'é "quoted"' }], fraction: 0.125 });
    checkAccepted(
      context,
      await context.feed(odd),
      statesIn(odd),
      'a run whose STATEs hold a fraction, lists and null',
    );
  },
};

/** 70 */
const activateVersion: Check<TargetProgramContext> = {
  number: 70,
  title: 'ACTIVATE_VERSION is understood, or left out with a warning',
  where: 'messages that the target does not know: they must not end it',
  async run(context) {
    const stream = context.streamName('activate_version');
    const version = 1_700_000_000_000;
    const messages = [
      schemaMessage(stream, columns),
      { type: 'RECORD', stream, record: { id: 1, name: 'one' }, version },
      { type: 'ACTIVATE_VERSION', stream, version },
      stateMessage({ bookmarks: { [stream]: { version } } }),
    ];
    const end = await context.feed(messages);
    if (end.code !== 0) context.warn('exit code 0', exitText(end));
    else checkAccepted(context, end, statesIn(messages));
  },
};

/** 69 */
const brokenLine: Check<TargetProgramContext> = {
  number: 69,
  title: 'a line that is not JSON ends the program with another exit code than 0, and no state after it is printed',
  where: 'how the target parses lines: a tap that was killed leaves half a line',
  async run(context) {
    const stream = context.streamName('broken_line');
    const good = [schemaMessage(stream, columns), ...recordMessages(stream, [{ id: 1, name: 'one' }])];
    const text = good.map((message) => JSON.stringify(message)).join('\n');
    const state = JSON.stringify(stateMessage({ bookmarks: { [stream]: { at: 1 } } }));
    const end = await context.run([], { input: `${text}\n${text.slice(-30)}\n${state}\n` });
    if (end.stdout !== '') throw new Finding('no state from after the broken line', shown(end.stdout));
    if (end.code === 0) throw new Finding('another exit code than 0', '0: it was accepted');
  },
};

export const targetStateChecks: readonly Check<TargetProgramContext>[] = [
  emptyInput,
  severalStates,
  activateVersion,
  brokenLine,
];
