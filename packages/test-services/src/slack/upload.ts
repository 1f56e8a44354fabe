import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import { contentType, readMultipart } from './request.ts';
import type { Workspace } from './workspace.ts';

/** Takes the bytes of a file, raw or as the one file of a form. The URL is used up by an upload that succeeds. */
export async function receiveUpload(
  { uploads, files }: Workspace,
  path: string,
  http: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  const file = files.get(uploads.get(path) ?? '');
  if (!file) return { status: 404, body: 'upload_url_not_found' };
  const content = contentType(http) === 'multipart/form-data' ? await fileOfForm(http, body) : body;
  if (content?.length !== file.length) return { status: 400, body: 'length_mismatch' };
  file.content = content;
  uploads.delete(path);
  return { status: 200, body: `OK - ${content.length}` };
}

async function fileOfForm(http: IncomingMessage, body: Buffer): Promise<Buffer | undefined> {
  const values = [...(await readMultipart(http, body)).values()];
  const file = values.find((value) => typeof value !== 'string');
  return typeof file === 'object' ? Buffer.from(await file.arrayBuffer()) : undefined;
}
