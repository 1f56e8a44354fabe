import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, silentLog } from 'c8connector';
import { createSecretMask, type Host } from '../src/index.ts';
import { board, Lists, shelf } from './connectors.ts';

/** A host that knows three connectors and nothing of the process, with an empty folder for what it keeps. */
export async function openHost(log: Partial<Log> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'c8connector-host-'));
  const target = shelf();
  const integration = board();
  const host: Host = {
    connectors: [new Lists(), target.connector, integration.connector],
    folders: [],
    environment: { TOKEN: 'quite-secret-token' },
    log: { ...silentLog, ...log },
    ...createSecretMask(),
  };
  return {
    host,
    folder,
    ids: target.ids,
    said: integration.said,
    files: async () => (await readdir(folder)).sort(),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}

export type OpenHost = Awaited<ReturnType<typeof openHost>>;
