// Takes about 100 s.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './blocks.ts';
import { walked } from './classified.ts';
import { walk } from './walk.ts';

const hasShell = process.platform !== 'win32';
if (!hasShell) console.info('skipped: the commands of docs/write-a-*.md are written for a POSIX shell');

describe.runIf(hasShell)('The real output is the one on the page (vitest -u updates the page):', () => {
  test.each(walked)(
    '%s',
    async (page) => {
      await expect(await walk(page)).toMatchFileSnapshot(join(root, page));
    },
    300_000,
  );
});
