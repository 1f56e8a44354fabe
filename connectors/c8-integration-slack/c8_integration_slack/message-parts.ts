import { type Block, fitBlocks } from './blocks.ts';
import { wellFormed } from './escape.ts';
import { fallbackText } from './fallback-text.ts';
import { groupBlocks } from './group-blocks.ts';
import { splitText } from './split-text.ts';

/** What Slack shows of a text at its best; it cuts at ten times as many. */
export const longestText = 4000;

/** One message of those that a post becomes. */
export interface MessagePart {
  /** With blocks it is what notifications show, and what is posted in their place when Slack refuses them. */
  readonly text: string;
  readonly blocks?: readonly Block[];
}

/** The messages that text and blocks become, in their order: one where Slack's limits allow it. At least one of the two must say something. */
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
export function textParts(text: string): MessagePart[] {
  return splitText(wellFormed(text), longestText)
    .filter((part, _index, all) => all.length === 1 || part.trim() !== '')
    .map((part) => ({ text: part }));
}

/** The text that goes with blocks: what is longer than Slack shows would be shown nowhere. */
export function shownText({ text, blocks }: MessagePart): string {
  return blocks === undefined ? text : (splitText(text, longestText)[0] ?? text);
}
