import { catalogOf, streamMetadata } from 'c8connector';
import { describe, expect, test } from 'vitest';
import { applySelection, parseConnection } from '../../src/index.ts';

const properties = { id: { type: 'integer' }, updated_at: { type: 'string', format: 'date-time' } };
const catalog = catalogOf(['orders', 'parts'].map((id) => ({ id, schema: { type: 'object', properties } })));
const endpoint = { connector: './mine' };

/** What a connection file with these streams says to the source, by stream. */
function selected(streams: readonly object[]) {
  const connection = parseConnection({ source: endpoint, target: endpoint, streams }, { name: 'orders' });
  const { streams: entries } = applySelection(catalog, connection.streams);
  return Object.fromEntries(entries.map((entry) => [entry.tap_stream_id, streamMetadata(entry)]));
}

describe('the replication key of a connection file', () => {
  test('is in the catalog beside the method, where the source finds both', () => {
    const said = selected([{ stream: 'orders', replication_method: 'INCREMENTAL', replication_key: 'updated_at' }]);
    expect(said.orders).toMatchObject({
      selected: true,
      'replication-method': 'INCREMENTAL',
      'replication-key': 'updated_at',
    });
    expect(said.parts).not.toHaveProperty('replication-key');
  });

  test('may be left to the source, and so may the method', () => {
    expect(selected([{ stream: '*', replication_method: 'INCREMENTAL' }]).parts).not.toHaveProperty('replication-key');
    expect(selected([{ stream: 'parts', replication_key: 'id' }]).parts).toMatchObject({ 'replication-key': 'id' });
  });

  test('must be a column of each stream for which it is set', () => {
    const wrong = [{ stream: '*', replication_method: 'INCREMENTAL', replication_key: 'updated', columns: ['idd'] }];
    expect(() => selected(wrong)).toThrow(
      expect.objectContaining({
        code: 'column_unknown',
        message: ['orders', 'parts']
          .flatMap((stream) => [
            `stream '${stream}' has no column 'idd'; did you mean 'id'?`,
            `stream '${stream}' has no column 'updated'; did you mean 'updated_at'?`,
          ])
          .join('\n'),
      }),
    );
  });
});
