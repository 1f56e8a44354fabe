import { expect, test } from 'vitest';
import { loadCodec } from '../src/index.ts';

test.each(['zstd', 'gzip', 'snappy'] as const)('%s compresses the same, however often it is loaded', async (codec) => {
  const page = new TextEncoder().encode('again and again and again and again');
  const first = Buffer.from((await loadCodec(codec))(page)).toString('hex');
  for (let time = 0; time < 5; time++) expect(Buffer.from((await loadCodec(codec))(page)).toString('hex')).toBe(first);
});
