import { isObject, json, requiredText, text } from './arguments.ts';
import { type Call, findChannel, isMember, type Reply } from './call.ts';
import type { SharedFile } from './message.ts';
import { authorship, findParent, keepMessage } from './post.ts';
import { missingArgument, refusedBecause, SlackError } from './slack-error.ts';
import { characters } from './text-object.ts';
import { type Channel, randomId, randomSecret, type UploadedFile } from './workspace.ts';

/** Answers with a URL that takes the file's bytes once. */
export function getUploadUrl({ args, token, workspace, url }: Call): Reply {
  const name = requiredText(args, 'filename');
  const length = Number(requiredText(args, 'length'));
  if (!Number.isInteger(length))
    throw refusedBecause('invalid_arguments', ['must be an integer [json-pointer:/length]']);
  if (length <= 0) throw new SlackError('missing_argument');
  if (characters(text(args, 'alt_txt') ?? '') > 1000) throw new SlackError('alt_txt_too_large');
  const id = randomId('F');
  const progress = { title: name, content: undefined, isComplete: false };
  workspace.files.set(id, { id, name, length, owner: token.app, channels: [], ...progress });
  const path = `/upload/v1/${randomSecret()}`;
  workspace.uploads.set(path, id);
  return { upload_url: `${url}${path}`, file_id: id };
}

/** Finishes uploads, once each, and shares them together in a message of each channel. */
export function completeUpload(call: Call): Reply {
  const { args } = call;
  const sent = readFiles(json(args, 'files'));
  const files = sent.map(({ id }) => findUpload(call, id));
  const channels = channelIds(call).map((id) => channelToShareIn(call, id));
  const threadTs = text(args, 'thread_ts');
  for (const [index, file] of files.entries()) {
    file.title = sent[index]?.title ?? file.name;
    file.isComplete = true;
  }
  for (const channel of channels) share(call, channel, files, threadTs);
  return { files: files.map(shownFile) };
}

function channelIds({ args }: Call): string[] {
  const ids = [text(args, 'channel_id'), ...(text(args, 'channels')?.split(',') ?? [])];
  const given = [...new Set(ids.flatMap((id) => (id === undefined ? [] : [id.trim()])))];
  if (given.length > 100) throw new SlackError('channels_limit_exceeded');
  return given;
}

function channelToShareIn(call: Call, id: string): Channel {
  const channel = findChannel(call, id);
  if (channel.isArchived) throw new SlackError('posting_to_channel_denied');
  if (!isMember(call, channel)) throw new SlackError('not_in_channel');
  return channel;
}

function share(call: Call, channel: Channel, files: readonly UploadedFile[], threadTs: string | undefined): void {
  const { args, workspace, token } = call;
  const thread = threadTs === undefined ? {} : { thread_ts: findParent(channel, threadTs).ts };
  const content = { text: text(args, 'initial_comment') ?? '', files: files.map(shownFile) };
  keepMessage(workspace, channel, { ...authorship(workspace, token.app), ...content, ...thread });
  for (const file of files) file.channels.push(channel.id);
}

function findUpload({ workspace, token }: Call, id: string): UploadedFile {
  const file = workspace.files.get(id);
  const isReady = file?.content !== undefined && !file.isComplete && file.owner.appId === token.app.appId;
  if (!file || !isReady) throw new SlackError('file_not_found');
  return file;
}

function readFiles(files: unknown): { readonly id: string; readonly title: string | undefined }[] {
  if (files === undefined) throw missingArgument('files');
  if (!Array.isArray(files) || files.length === 0) {
    throw refusedBecause('invalid_arguments', ['must provide an array [json-pointer:/files]']);
  }
  return files.map((file: unknown, index) => {
    if (!isObject(file) || typeof file.id !== 'string') {
      throw refusedBecause('invalid_arguments', [`missing required field: id [json-pointer:/files/${index}]`]);
    }
    return { id: file.id, title: typeof file.title === 'string' ? file.title : undefined };
  });
}

function shownFile({ id, name, title, content }: UploadedFile): SharedFile {
  return { id, name, title, size: content?.length ?? 0, mimetype: 'application/octet-stream' };
}
