import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What was sent to be published: the package, and its tarball as it came. */
export interface Published {
  readonly name: string;
  readonly tarball: Buffer;
  readonly dependencies: readonly string[];
}

/** The body that `npm publish` sends: https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md and libnpmpublish. */
interface Publication {
  readonly name: string;
  readonly versions: Readonly<Record<string, { readonly dependencies?: object }>>;
  readonly 'dist-tags': object;
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>;
}

/** An npm registry on this machine, empty at first, that takes what is published and answers about it. */
export async function openRegistry() {
  const packages = new Map<string, Publication>();
  const published: Published[] = [];
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent((request.url ?? '/').slice(1).replace(/\?.*/, ''));
    if (request.method === 'PUT') {
      const publication = (await json(request)) as Publication;
      packages.set(name, publication);
      const [attachment] = Object.values(publication._attachments);
      const [manifest] = Object.values(publication.versions);
      const tarball = Buffer.from(attachment?.data ?? '', 'base64');
      published.push({ name, tarball, dependencies: Object.keys(manifest?.dependencies ?? {}) });
      response.writeHead(201).end('{}');
      return;
    }
    const { versions, 'dist-tags': tags } = packages.get(name) ?? {};
    if (versions === undefined) response.writeHead(404).end('{}');
    else response.end(JSON.stringify({ name, versions, 'dist-tags': tags }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    published: (): readonly Published[] => published,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
