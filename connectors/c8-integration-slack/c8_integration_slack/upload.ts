import { requiredText } from './answer.ts';
import { attempt, type Calling } from './attempts.ts';
import type { Slack } from './client.ts';
import { postForSuccess } from './transport.ts';

/** Bytes a millisecond that an upload has at the least, beside what every call has. */
const slowest = 50;

/**
 * Gives the bytes of a file to Slack, which nobody sees before it is completed, and returns the id of the file. An upload URL works once, so a failed upload starts
 * again with a new one.
 */
export async function upload(
  slack: Pick<Slack, 'call'>,
  calling: Calling,
  host: string,
  filename: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return await attempt(calling, { method: 'upload', host }, async () => {
    const place = await slack.call('files.getUploadURLExternal', { filename, length: bytes.length });
    const url = requiredText(place, 'upload_url');
    const request = { headers: { 'content-type': 'application/octet-stream' }, body: bytes };
    await postForSuccess(url, request, calling.signal, 30_000 + Math.ceil(bytes.length / slowest));
    return requiredText(place, 'file_id');
  });
}
