import type { Log } from 'c8connector';
import { slackCodeOf } from './errors.ts';
import { type MessagePart, textParts } from './message-parts.ts';

/** What Slack says to blocks that it does not take. */
const aboutBlocks: readonly (string | undefined)[] = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];

/**
 * Sends the messages of a post one after the other, and gives what each was answered. Blocks that Slack refuses are sent as their text, with a warning. A failure ends it,
 * and a warning tells what was posted before.
 */
export async function sendParts<T>(
  parts: readonly MessagePart[],
  log: Log,
  send: (part: MessagePart, index: number) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = [];
  const waiting = [...parts];
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    try {
      answers.push(await send(part, answers.length));
    } catch (error) {
      const isRefused = part.blocks !== undefined && aboutBlocks.includes(slackCodeOf(error));
      if (isRefused) {
        log.warn(`${error instanceof Error ? error.message : ''} The text is posted without them.`);
        waiting.unshift(...textParts(part.text));
        continue;
      }
      if (answers.length > 0) {
        const total = answers.length + 1 + waiting.length;
        log.warn(`The message has ${total} parts, and the first ${answers.length} of them are posted.`);
      }
      throw error;
    }
  }
  return answers;
}
