import { isObject } from './arguments.ts';
import { refusedBecause, SlackError } from './slack-error.ts';
import { characters, checkText } from './text-object.ts';

// The limits of https://docs.slack.dev/reference/block-kit/blocks, in the words of Slack's own refusals.

type Fields = Readonly<Record<string, unknown>>;
type Check = (block: Fields, at: string) => string[];

const checks: Readonly<Record<string, Check>> = {
  section: checkSection,
  header: (block, at) => checkText(block.text, `${at}/text`, { largest: 150, plainOnly: true }),
  context: (block, at) => checkElements(block, at, 10),
  actions: (block, at) => checkElements(block, at, 25),
  image: (block, at) => [...required(block, at, 'alt_text'), ...oneOf(block, at, ['image_url', 'slack_file'])],
  markdown: checkMarkdown,
  divider: () => [],
  rich_text: (block, at) => checkElements(block, at, Number.POSITIVE_INFINITY),
  video: (block, at) =>
    ['alt_text', 'thumbnail_url', 'title', 'video_url'].flatMap((name) => required(block, at, name)),
  table: (block, at) => required(block, at, 'rows'),
  file: (block, at) => ['external_id', 'source'].flatMap((name) => required(block, at, name)),
};

/** Refuses more than 50 blocks and each block outside its limits; blocks too long together are `msg_blocks_too_long`. */
export function checkBlocks(blocks: readonly unknown[]): Fields[] {
  const reasons = blocks.flatMap((block, index) => checkBlock(block, `/blocks/${index}`));
  if (blocks.length > 50) reasons.unshift('no more than 50 items allowed [json-pointer:/blocks]');
  const kept = blocks.filter(isObject);
  reasons.push(...repeatedIds(kept));
  if (reasons.length > 0) throw refusedBecause('invalid_blocks', reasons);
  // Not documented; measured by others: https://github.com/slackapi/bolt-js/issues/2509
  if (textLength(kept) > 13_200) throw new SlackError('msg_blocks_too_long');
  return kept;
}

function checkBlock(block: unknown, at: string): string[] {
  if (!isObject(block)) return [`must provide an object [json-pointer:${at}]`];
  if (block.type === undefined) return [`missing required field: type [json-pointer:${at}]`];
  const check = checks[String(block.type)];
  if (!check) return [`unsupported type: ${block.type} [json-pointer:${at}/type]`];
  const { block_id: id } = block;
  const tooLong = typeof id === 'string' && characters(id) > 255;
  return [...check(block, at), ...(tooLong ? [`must be less than 256 characters [json-pointer:${at}/block_id]`] : [])];
}

function checkSection(block: Fields, at: string): string[] {
  const { text, fields } = block;
  if (text === undefined && fields === undefined) return [`missing required field: text [json-pointer:${at}]`];
  const reasons = text === undefined ? [] : checkText(text, `${at}/text`, { largest: 3000 });
  if (fields === undefined) return reasons;
  if (!Array.isArray(fields)) return [...reasons, `must provide an array [json-pointer:${at}/fields]`];
  if (fields.length > 10) reasons.push(`no more than 10 items allowed [json-pointer:${at}/fields]`);
  if (fields.length === 0) reasons.push(`must have at least 1 item [json-pointer:${at}/fields]`);
  return [
    ...reasons,
    ...fields.flatMap((field, index) => checkText(field, `${at}/fields/${index}`, { largest: 2000 })),
  ];
}

function checkMarkdown(block: Fields, at: string): string[] {
  if (typeof block.text !== 'string') return [`missing required field: text [json-pointer:${at}]`];
  return characters(block.text) > 12_000 ? [`must be less than 12001 characters [json-pointer:${at}/text]`] : [];
}

function checkElements({ type, elements }: Fields, at: string, most: number): string[] {
  if (!Array.isArray(elements)) return [`missing required field: elements [json-pointer:${at}]`];
  const reasons = elements.length > most ? [`no more than ${most} items allowed [json-pointer:${at}/elements]`] : [];
  if (elements.length === 0) reasons.push(`must have at least 1 item [json-pointer:${at}/elements]`);
  if (type !== 'context') return reasons;
  return [...reasons, ...elements.flatMap((element, index) => checkContextElement(element, `${at}/elements/${index}`))];
}

function checkContextElement(element: unknown, at: string): string[] {
  if (isObject(element) && element.type === 'image') return required(element, at, 'alt_text');
  return checkText(element, at, { largest: 3000 });
}

function required(block: Fields, at: string, name: string): string[] {
  return block[name] === undefined ? [`missing required field: ${name} [json-pointer:${at}]`] : [];
}

function oneOf(block: Fields, at: string, names: readonly string[]): string[] {
  return names.some((name) => block[name] !== undefined) ? [] : required(block, at, names[0] ?? '');
}

function repeatedIds(blocks: readonly Fields[]): string[] {
  const seen = new Set<unknown>();
  return blocks.flatMap(({ block_id: id }, index) => {
    if (id === undefined) return [];
    const isRepeated = seen.has(id);
    seen.add(id);
    return isRepeated ? [`\`block_id\` "${id}" already exists [json-pointer:/blocks/${index}/block_id]`] : [];
  });
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (!isObject(value)) return 0;
  const own = typeof value.text === 'string' ? characters(value.text) : 0;
  return Object.values(value).reduce((sum: number, item) => sum + textLength(item), own);
}
