import { provenText, type SlackAnswer } from './answer.ts';
import { attempt, type Calling } from './attempts.ts';
import type { WebMethod } from './methods.ts';
import { describeBody, UnprovenAnswer } from './proof.ts';
import type { Way } from './proxy.ts';
import { postForSuccess } from './transport.ts';

/** A file to upload. */
export interface UploadFile {
  readonly filename: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes per millisecond: the time-out of an upload allows for this rate, in addition to the time of every call. */
const slowest = 50;

/** What an upload needs. */
export interface Upload {
  /** Calls a method of the Web API. */
  readonly call: (method: WebMethod, args: Readonly<Record<string, unknown>>) => Promise<SlackAnswer>;
  readonly calling: Calling;
  readonly way: Way;
  readonly host: string;
  readonly file: UploadFile;
}

/** Uploads a file and resolves with its id. An upload URL works only once, so each attempt requests a new one. */
export async function upload({ call, calling, way, host, file }: Upload): Promise<string> {
  const { filename, bytes } = file;
  return await attempt(calling, { method: 'upload', host }, async () => {
    const target = await call('files.getUploadURLExternal', { filename, length: bytes.length });
    const url = provenText(target, 'upload_url');
    const request = { headers: { 'content-type': 'application/octet-stream' }, body: bytes };
    const answer = await postForSuccess(way, url, request, calling.signal, 30_000 + Math.ceil(bytes.length / slowest));
    // Slack answers `OK - 12`, with the number of bytes.
    if (!/^OK\b/i.test(answer.text)) throw new UnprovenAnswer(describeBody(answer.text));
    return provenText(target, 'file_id');
  });
}
