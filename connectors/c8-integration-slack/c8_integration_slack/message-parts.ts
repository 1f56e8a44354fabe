import type { Log } from 'c8connector';
import { type Block, fitBlocks, groupBlocks } from './blocks.ts';
import { slackCodeOf } from './errors.ts';
import { wellFormed } from './escape.ts';
import { fallbackText } from './fallback-text.ts';
import { mrkdwn } from './markup.ts';
import { splitText } from './split-text.ts';

/** Slack recommends at most this many characters for a text; it truncates at ten times as many. */
export const longestText = 4000;

/** One message of those that a post becomes. */
export interface MessagePart {
  /** With blocks it is what notifications show, and what is posted in their place when Slack refuses them. */
  readonly text: string;
  readonly blocks?: readonly Block[];
}

/** The messages for text and blocks, in order: a single one if Slack's limits allow it. At least one of the two must have content. */
export function messageParts(text: string | undefined, blocks: readonly Block[] | undefined): MessagePart[] {
  const groups = groupBlocks(fitBlocks(blocks ?? []));
  if (groups.length === 0) return textParts(text ?? '');
  const given = text === undefined || text.trim() === '' ? undefined : wellFormed(text);
  return groups.map((group, index) => ({
    text: (index === 0 ? given : undefined) ?? wellFormed(fallbackText(group)),
    blocks: group,
  }));
}

/** A long text as several messages without blocks. */
function textParts(text: string): MessagePart[] {
  return splitText(wellFormed(text), longestText, mrkdwn)
    .filter((part, _index, all) => all.length === 1 || !/^(?:```)?\s*(?:```)?\s*$/.test(part))
    .map((part) => ({ text: part }));
}

/** The text that goes with blocks: what is longer than Slack shows would be shown nowhere. */
export function shownText({ text, blocks }: MessagePart): string {
  return blocks === undefined ? text : (splitText(text, longestText, mrkdwn)[0] ?? text);
}

/** Slack's codes for refused blocks. */
const aboutBlocks: readonly (string | undefined)[] = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];

/**
 * Sends the messages of a post one after another, and returns the answer to each. Blocks that Slack refuses are sent as their text, with a warning. A failure ends the post,
 * and a warning reports how many messages were posted before.
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
        log.warn(`The message has ${total} parts, and only the first ${answers.length} of them were posted.`);
      }
      throw error;
    }
  }
  return answers;
}
