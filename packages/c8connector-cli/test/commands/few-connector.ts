import { mkdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Folder } from '../program.ts';

const compiler = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

/** A connector without a LICENSE, and with one property that its README does not know. */
export async function writeConnector(folder: Folder): Promise<void> {
  await folder.write('few/package.json', { name: 'c8-source-few', version: '0.1.0', type: 'module' });
  await folder.write('few/README.md', '<!-- config -->\n<!-- /config -->\n');
  await folder.write('few/tsconfig.json', {
    compilerOptions: { module: 'nodenext', target: 'es2023', noCheck: true, resolveJsonModule: true, types: [] },
    include: ['c8_source_few'],
  });
  await folder.write(
    'few/c8_source_few/index.ts',
    `import { defineSource } from 'c8connector';
    import manifest from '../package.json' with { type: 'json' };
    const config = { url: { type: 'string', displayName: 'URL', description: 'Where.' } };
    export class Few extends defineSource({ package: manifest, name: 'Few', description: 'Few.', config, discover: () => [], async *read() {} }) {}`,
  );
  await mkdir(join(folder.path, 'node_modules'), { recursive: true });
  await symlink(compiler, join(folder.path, 'node_modules/typescript'));
}
