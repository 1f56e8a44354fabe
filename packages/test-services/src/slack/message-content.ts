import { type Arguments, flag, isObject, json, text } from './arguments.ts';
import { checkBlocks } from './blocks.ts';
import type { MessageContent, MessageMetadata } from './message.ts';
import { SlackError } from './slack-error.ts';
import { characters } from './text-object.ts';
import { randomSecret } from './workspace.ts';

/** The content of a message, within Slack's limits; `longest` is the most characters that `text` may have. */
export function readContent(args: Arguments, longest: number): MessageContent {
  const markdown = text(args, 'markdown_text');
  const blocks = readBlocks(args);
  const attachments = readAttachments(args);
  const sent = text(args, 'text');
  if (markdown !== undefined && (blocks || sent !== undefined)) throw new SlackError('markdown_text_conflict');
  const body = markdown ?? sent ?? '';
  if (body.trim() === '' && !blocks && !attachments) throw new SlackError('no_text');
  if (characters(body) > (markdown === undefined ? longest : 12_000)) throw new SlackError('msg_too_long');
  const metadata = readMetadata(args);
  return {
    text: body,
    ...(blocks && { blocks }),
    ...(attachments && { attachments }),
    ...(metadata && { metadata }),
  };
}

/** What a message keeps of how it should be shown. */
export function readPresentation(args: Arguments): Readonly<Record<string, boolean>> {
  const names = ['unfurl_links', 'unfurl_media', 'mrkdwn'];
  return Object.fromEntries(
    names.flatMap((name) => (args[name] === undefined ? [] : [[name, flag(args, name) === true]])),
  );
}

function readBlocks(args: Arguments): MessageContent['blocks'] {
  const blocks = json(args, 'blocks');
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) throw new SlackError('invalid_blocks_format');
  if (blocks.length === 0) return undefined;
  return checkBlocks(blocks).map((block) => ({ block_id: randomSecret().slice(0, 5), ...block }));
}

function readAttachments(args: Arguments): MessageContent['attachments'] {
  const attachments = json(args, 'attachments');
  if (attachments === undefined) return undefined;
  if (!Array.isArray(attachments)) throw new SlackError('invalid_attachments');
  if (attachments.length > 100) throw new SlackError('too_many_attachments');
  return attachments.length === 0
    ? undefined
    : attachments.map((attachment, index) => ({ id: index + 1, ...attachment }));
}

function readMetadata(args: Arguments): MessageMetadata | undefined {
  const metadata = json(args, 'metadata');
  // An empty object takes the metadata of an updated message away.
  if (metadata === undefined || (isObject(metadata) && Object.keys(metadata).length === 0)) return undefined;
  if (!isObject(metadata)) throw new SlackError('invalid_metadata_format');
  const { event_type, event_payload } = metadata;
  if (typeof event_type !== 'string' || event_type === '' || !isObject(event_payload)) {
    throw new SlackError('invalid_metadata_format');
  }
  return { event_type, event_payload };
}
