import { markdown, mrkdwn, plain } from './markup.ts';
import { splitText } from './split-text.ts';

/** A block of Block Kit. */
export type Block = Readonly<Record<string, unknown>>;

/** Slack's limits, in characters and items: https://docs.slack.dev/reference/block-kit/blocks */
export const limits = {
  blocks: 50,
  sectionText: 3000,
  headerText: 150,
  fields: 10,
  fieldText: 2000,
  contextElements: 10,
  contextText: 3000,
  actions: 25,
  markdown: 12_000,
  /** The limit for all fields or elements of a block together, so that the block with its text fits into a message. */
  list: 9000,
} as const;

/**
 * Splits blocks that are too long for Slack into several, each within its limits: texts of sections, headers, contexts and markdown, fields, elements of contexts and
 * actions. Blocks that fit, and those of other types, are not changed.
 */
export function fitBlocks(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) => splitters[String(block.type)]?.(block) ?? [block]);
}

const splitters: Readonly<Record<string, (block: Block) => Block[]>> = {
  section: splitSection,
  header: (block) => textsOf(block.text, limits.headerText).map((text, index) => part(block, { text }, index)),
  context: (block) => splitElements(block, limits.contextElements, contextElements),
  actions: (block) => splitElements(block, limits.actions, (elements) => elements),
  markdown: splitMarkdown,
};

/** One block of several: only the first has the id, which must be unique, and the members other than the text. */
function part(block: Block, content: Block, index: number): Block {
  return index === 0 ? { ...block, ...content } : { type: block.type, ...content };
}

function splitSection(block: Block): Block[] {
  const { text, fields, ...rest } = block;
  const texts = text === undefined ? [] : textsOf(text, limits.sectionText).map((one) => ({ text: one }));
  const split = Array.isArray(fields) ? fields.flatMap((field) => textsOf(field, limits.fieldText)) : [];
  const groups = chunks(split, limits.fields).map((one) => ({ fields: one }));
  const last = texts.at(-1);
  const [first, ...others] = groups;
  // The fields stay below the end of the text.
  const parts: Block[] =
    last !== undefined && first !== undefined
      ? [...texts.slice(0, -1), { ...last, ...first }, ...others]
      : [...texts, ...groups];
  return parts.length === 0 ? [block] : parts.map((content, index) => part(rest, content, index));
}

function splitElements(
  block: Block,
  most: number,
  split: (elements: readonly unknown[]) => readonly unknown[],
): Block[] {
  if (!Array.isArray(block.elements)) return [block];
  const groups = chunks(split(block.elements), most);
  return groups.length === 0 ? [block] : groups.map((elements, index) => part(block, { elements }, index));
}

function contextElements(elements: readonly unknown[]): unknown[] {
  return elements.flatMap((element) => textsOf(element, limits.contextText));
}

function splitMarkdown(block: Block): Block[] {
  if (typeof block.text !== 'string') return [block];
  return splitText(block.text, limits.markdown, markdown).map((text, index) => part(block, { text }, index));
}

/** A text object as several of at most `limit`; anything else as it is. */
function textsOf(value: unknown, limit: number): unknown[] {
  if (!isObject(value) || typeof value.text !== 'string') return [value];
  const markup = value.type === 'mrkdwn' ? mrkdwn : plain;
  return splitText(value.text, limit, markup).map((text) => ({ ...value, text }));
}

/** Items in groups of this many, or fewer where they are long. */
function chunks<T>(items: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  let length = 0;
  for (const item of items) {
    const group = groups.at(-1);
    const more = textLength(item);
    if (group === undefined || group.length >= size || length + more > limits.list) {
      groups.push([item]);
      length = more;
    } else {
      group.push(item);
      length += more;
    }
  }
  return groups;
}

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

/** Characters of all texts in a block or a part of one. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (!isObject(value)) return 0;
  const own = typeof value.text === 'string' ? value.text.length : 0;
  return Object.values(value).reduce((sum: number, item) => sum + textLength(item), own);
}

/** Whether a value is an object, and not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
