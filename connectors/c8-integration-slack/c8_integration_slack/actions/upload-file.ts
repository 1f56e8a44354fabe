import { defineAction } from 'c8connector';
import { objectsOf, textOrNull } from '../answer.ts';
import { channelIdOf } from '../channel.ts';
import { openSlack } from '../client.ts';
import type { SlackConfig } from '../config.ts';
import { inputInvalid } from '../errors.ts';
import { wellFormed } from '../escape.ts';
import { channelInput, threadInput } from '../inputs.ts';
import { optionalText, textSchema } from '../outputs.ts';

export const uploadFile = defineAction<SlackConfig>()({
  description: 'Uploads a file and shares it in a channel or thread.',
  input: {
    channel: channelInput,
    content: {
      type: 'string',
      displayName: 'Content',
      description: 'Content of the file, as text or in base64.',
      isMandatory: true,
    },
    encoding: {
      type: 'options',
      options: ['text', 'base64'],
      displayName: 'Encoding',
      description: 'Encoding of the content.',
      defaultValue: 'text',
    },
    filename: {
      type: 'string',
      displayName: 'File Name',
      description: 'Name of the file; its extension determines the file type.',
      isMandatory: true,
      placeholderValue: 'report.csv',
    },
    title: { type: 'string', displayName: 'Title', description: 'Title of the file; by default its name.' },
    initial_comment: {
      type: 'string',
      displayName: 'Comment',
      description: 'Message above the file, in mrkdwn.',
    },
    thread_ts: threadInput,
  },
  output: {
    type: 'object',
    properties: { id: textSchema, channel: textSchema, title: textSchema, permalink: optionalText },
    required: ['id', 'channel', 'title', 'permalink'],
  },
  example: { channel: 'C0123456789', filename: 'report.csv', content: 'id,total\n1,17.00\n', title: 'Sales' },
  async run(context) {
    const { config, input } = context;
    const bytes = bytesOf(input.content, input.encoding);
    const filename = wellFormed(input.filename);
    const title = wellFormed(input.title ?? filename);
    const comment = input.initial_comment === undefined ? undefined : wellFormed(input.initial_comment);
    const slack = await openSlack(context, 'uploadFile');
    const channel = await channelIdOf(slack, input, config);
    const id = await slack.upload({ filename, bytes });
    const place = { channel_id: channel, thread_ts: input.thread_ts, initial_comment: comment };
    const options = { channel, doneCode: 'file_not_found' };
    const answer = await slack.call('files.completeUploadExternal', { files: [{ id, title }], ...place }, options);
    const [file = {}] = objectsOf(answer.files);
    return { id, channel, title, permalink: textOrNull(file.permalink) };
  },
});

function bytesOf(content: string, encoding: 'text' | 'base64'): Uint8Array<ArrayBuffer> {
  const packed = content.replace(/\s/g, '');
  if (encoding === 'base64' && !isBase64(packed)) throw inputInvalid('content', 'it is not base64.');
  const bytes = Buffer.from(encoding === 'base64' ? packed : content, encoding === 'base64' ? 'base64' : 'utf8');
  if (bytes.length === 0) throw inputInvalid('content', 'Slack does not accept an empty file.');
  return new Uint8Array(bytes);
}

/** Whether a text without blanks is base64, with or without its padding. One regular expression for the whole would run out of stack on a file of some MB. */
function isBase64(text: string): boolean {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = text.length - padding;
  const rest = length % 4;
  if (rest === 1 || (padding > 0 && padding !== 4 - rest)) return false;
  return !/[^A-Za-z0-9+/]/.test(text.slice(0, length));
}
