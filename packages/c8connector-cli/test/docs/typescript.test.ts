import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { isIntegration, isSource, isTarget } from 'c8connector';
import { loadConnector } from 'c8connector-host';
import {
  integrationChecks,
  integrationContext,
  runCheck,
  sourceChecks,
  sourceContext,
  targetChecks,
  targetContext,
} from 'c8connector-testing/checks';
import { afterAll, describe, expect, test } from 'vitest';
import { blocksOf, pages, placeOf, root } from './blocks.ts';
import { walked } from './classified.ts';
import { compile, madeFor } from './compile.ts';

const blocks = pages()
  .flatMap(blocksOf)
  .filter(({ language, part }) => language === 'ts' && part === undefined);
const connectors = blocks
  .filter(({ text }) => /\bclass \w+ extends define/.test(text))
  .map((block) => [placeOf(block), block] as const);
const compiled = await compile(blocks);
afterAll(() => compiled[Symbol.asyncDispose]());

describe('A block of TypeScript', () => {
  test('compiles with the settings of this workspace, and tables name every key of their type', () => {
    expect(compiled.problems).toBe('');
  });

  test('that is wrong is found', async () => {
    const text = "import { defineSource } from 'c8connector';\ndefineSource({ nmae: 'Acme' });\n";
    await using wrong = await compile([{ page: 'a.md', line: 7, language: 'ts', isBackground: false, text }]);
    expect(wrong.problems).toMatch(/^a\.md:7\(2,\d+\): error TS/);
  });

  test('is a connector on these pages', () => {
    const readmes = ['README.md', 'packages/c8connector/README.md'];
    // One more source there, which follows a log.
    const twice = 'docs/write-a-source.md';
    expect(connectors.map(([, { page }]) => page).sort()).toEqual([...readmes, ...walked, twice].sort());
  });

  test.each(connectors.filter(([, { page }]) => !walked.includes(page)))(
    '%s with a whole connector is what new makes, which passes the kit',
    async (_, block) => {
      expect((await madeFor(block)).get(block.file ?? '')).toBe(block.text);
    },
  );

  test('that exposes a connector by HTTP answers like the original', async () => {
    const block = blocks.find(({ text }) => text.includes('function expose'));
    if (block === undefined) throw new Error('no page exposes a connector');
    const { expose } = await import(pathToFileURL(compiled.moduleOf(block)).href);
    const server: Server = expose(await loadConnector('c8-source-postgres', { folders: [root] }, root), 0);
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await (await fetch(`${url}/package_name`)).json()).toBe('c8-source-postgres');
      const refused = await fetch(`${url}/validate`, { method: 'POST', body: '{"host":"db"}' });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toEqual({ detail: expect.stringContaining('user: is mandatory') });
      expect((await fetch(`${url}/nothing`)).status).toBe(404);
    } finally {
      server.close();
    }
  });

  // Checks that need its service are made where the page is walked.
  test.each(connectors)(
    'the connector of %s passes the checks that the kit makes of every declaration',
    async (_, block) => {
      const connector = await loadConnector(compiled.moduleOf(block), { folders: [root] }, root);
      const config = {};
      const isOfDeclaration = ({ number }: { readonly number: number }) => number < 12;
      if (isSource(connector)) {
        const context = sourceContext({ connector: () => connector, config });
        for (const check of sourceChecks.filter(isOfDeclaration)) await runCheck(check, context);
      } else if (isTarget(connector)) {
        const context = targetContext({ connector: () => connector, config, readBack: () => [] });
        for (const check of targetChecks.filter(isOfDeclaration)) await runCheck(check, context);
      } else if (isIntegration(connector)) {
        const context = integrationContext({ connector: () => connector, config });
        for (const check of integrationChecks.filter(isOfDeclaration)) await runCheck(check, context);
      }
    },
  );
});
