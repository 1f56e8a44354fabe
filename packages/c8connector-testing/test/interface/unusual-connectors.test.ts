import { Batch, catalogOf, type SourceConnector, selectStreams } from 'c8connector';
import { expect, test } from 'vitest';
import { sourceFindings } from '../findings.ts';

const schema = { type: 'object', properties: { text: { type: 'string' } } };

/** A source written by hand, scoped, without config, steps of its own or bookmarks. */
class HandWrittenSource implements SourceConnector {
  readonly name = 'By hand';
  readonly packageName = '@acme/c8-source-hand';
  readonly version = '1.0.0-rc.1';
  readonly type = 'source';
  readonly description = 'Reads one row.';
  readonly logo = '';
  readonly config = [];
  readonly capabilities = ['discover', 'catalog'] as const;
  readonly reservedKeys = [];

  async validate(_integration: unknown, options: Parameters<SourceConnector['validate']>[1] = {}) {
    const step = { id: 'ready', label: 'Ready', status: 'passed', message: 'nothing to do', durationMs: 0 } as const;
    options.onStep?.(step);
    return { ok: true, steps: [step] };
  }

  async samples(_integration: unknown, options: Parameters<SourceConnector['samples']>[1] = {}) {
    const schemas = await this.schemas(undefined, options);
    return schemas.map((each) => ({ schema: each, data: [{ text: 'hello' }] }));
  }

  async schemas(_integration: unknown, { streams }: Parameters<SourceConnector['schemas']>[1] = {}) {
    const attributes = [{ name: 'text', type: 'string' } as const];
    return streams?.includes('hand') === false ? [] : [{ name: 'hand', attributes }];
  }

  async discover() {
    return catalogOf([{ id: 'hand', schema, isSelectedByDefault: false }]);
  }

  async *read({ catalog }: Parameters<SourceConnector['read']>[0]) {
    for (const { stream } of selectStreams(catalog)) {
      yield { type: 'SCHEMA', stream, schema, keyProperties: [] } as const;
      const header = { stream, schema, extractedAt: '2024-01-31T09:30:00Z', exact: 'number' } as const;
      yield Batch.ofRows(header, [{ text: 'hello' }]);
    }
  }
}

test.each([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 23, 25, 28, 29, 31, 33])(
  '%i finds nothing in a source that is written by hand, scoped and without config',
  async (only) => {
    expect(await sourceFindings(() => ({}), { connector: HandWrittenSource, config: {}, only })).toEqual([]);
  },
);
