import { type Block, isObject } from './blocks.ts';
import { escapeText } from './escape.ts';

/** The text for notifications and screen readers when the blocks have none. */
const nothingToSay = 'Message';

/** The text of blocks as mrkdwn, one line for each text in them: the replacement where blocks are not shown. Never empty. */
export function fallbackText(blocks: readonly Block[]): string {
  const lines = blocks.flatMap((block) => linesOf(block)).filter((line) => line.trim() !== '');
  return lines.length === 0 ? nothingToSay : lines.join('\n');
}

function linesOf(block: Block): string[] {
  const { type, text, fields, elements, title, alt_text: alternative } = block;
  if (type === 'rich_text') return richLines(elements);
  if (type === 'markdown' && typeof text === 'string') return [escapeText(text)];
  const titles =
    type === 'image' ? [title, alternative].map(textOf).slice(0, title === undefined ? 2 : 1) : [textOf(title)];
  return [...titles, textOf(text), ...list(fields).map(textOf), ...list(elements).map(elementText)];
}

/** A text object as mrkdwn, a bare string as plain text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return escapeText(value);
  if (!isObject(value) || typeof value.text !== 'string') return '';
  return value.type === 'mrkdwn' ? value.text : escapeText(value.text);
}

/** An element of a context is a text or an image, one of an actions block has its text within. */
function elementText(element: unknown): string {
  if (!isObject(element)) return '';
  return typeof element.text === 'string' ? textOf(element) : textOf(element.text) || textOf(element.alt_text);
}

/** Each paragraph, list item or quote of a rich text is a line. */
function richLines(elements: unknown): string[] {
  return list(elements).flatMap((element) => {
    if (!isObject(element)) return [];
    if (element.type === 'rich_text_list') return richLines(element.elements).map((line) => `• ${line}`);
    return [list(element.elements).map(richText).join('')];
  });
}

function richText(element: unknown): string {
  if (!isObject(element)) return '';
  const { type, text, url, name, user_id: user, channel_id: channel, range } = element;
  if (typeof text === 'string') return escapeText(text);
  if (type === 'link' && typeof url === 'string') return escapeText(url);
  if (type === 'emoji' && typeof name === 'string') return `:${name}:`;
  if (type === 'user' && typeof user === 'string') return `<@${user}>`;
  if (type === 'channel' && typeof channel === 'string') return `<#${channel}>`;
  // A mention of everybody must not notify a second time.
  return type === 'broadcast' && typeof range === 'string' ? `@${range}` : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
