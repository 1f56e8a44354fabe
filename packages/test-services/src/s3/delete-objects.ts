import { receiveDocument } from './body.ts';
import type { Answer, Call } from './call.ts';
import { algorithmOfHeader } from './checksums.ts';
import { deleteObject, findBucket } from './object-store.ts';
import { invalidRequest } from './s3-error.ts';
import { childText, element, elements, malformedXml, parseXml, type XmlElement } from './xml.ts';

/** Answers 200 even when every key is refused: the refusals are in the document. */
export async function deleteObjects(call: Call): Promise<Answer> {
  const { store, request, denied } = call;
  const bucket = findBucket(store, request.bucket);
  const names = [...request.headers.keys(), request.headers.get('x-amz-trailer') ?? ''];
  if (!names.some((name) => name === 'content-md5' || algorithmOfHeader(name) !== undefined)) {
    throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
  const document = parseXml(await receiveDocument(call));
  const keys = document.children.flatMap((child) => (child.name === 'Object' ? [childText(child, 'Key') ?? ''] : []));
  if (keys.length === 0 || keys.length > 1000 || keys.includes('')) throw malformedXml();
  const quiet = childText(document, 'Quiet') === 'true';

  const results: XmlElement[] = [];
  for (const key of keys) {
    if (denied('s3:DeleteObject')) {
      results.push(element('Error', elements({ Key: key, Code: 'AccessDenied', Message: 'Access Denied' })));
      continue;
    }
    await deleteObject(bucket, key);
    if (!quiet) results.push(element('Deleted', [element('Key', key)]));
  }
  return { status: 200, body: element('DeleteResult', results) };
}
