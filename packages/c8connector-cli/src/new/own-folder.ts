import { join } from 'node:path';

/** The folder of this program's package: two above, of the sources as of what is built from them. */
export const ownFolder = join(import.meta.dirname, '..', '..');
