import { type Block, limits, textLength } from './blocks.ts';

/** Slack refuses the blocks of a message from about 13,000 characters on, and counts some for each block (slackapi/bolt-js#2509). */
const largest = 13_000;
const costOfBlock = 125;

/** Puts blocks that fit one by one into as few messages as they need, in their order. */
export function groupBlocks(blocks: readonly Block[]): Block[][] {
  const groups: Block[][] = [];
  let group: Block[] = [];
  let cost = 0;
  for (const block of blocks) {
    const more = costOfBlock + textLength(block);
    if (group.length > 0 && (group.length >= limits.blocks || cost + more > largest)) {
      groups.push(group);
      group = [];
      cost = 0;
    }
    group.push(block);
    cost += more;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
