import { describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';

const accepts = (config: object) => new S3Target().accepts({ bucket: 'b', ...config });

describe('The config', () => {
  it('sets the flush limits, and whether the format takes rows as lines or columns', () => {
    expect(accepts({})).toMatchObject({ face: 'columns', flush: { rows: 1_000_000, bytes: 512_000_000, age: 60 } });
    expect(accepts({ format: 'jsonl', batch_flush_interval: 5, flush_rows: 10, flush_bytes: 1000 })).toMatchObject({
      face: 'lines',
      flush: { rows: 10, bytes: 1000, age: 5 },
    });
  });

  it.each([
    [
      'in whatever form the endpoint is',
      { endpoint: 'http://MINIO.example/' },
      { endpoint: 'http://minio.example:80' },
    ],
    ['however the folder is written', { prefix: 'a/b' }, { prefix: '/a/', target_directory: 'b/' }],
    ['with any format', { format: 'jsonl' }, { format: 'parquet', flush_rows: 7 }],
    ['with any region', { region: 'eu-west-1' }, {}],
  ])('is for the same place %s', (_, one, other) => {
    expect(accepts(one).place).toBe(accepts(other).place);
  });

  it.each([
    ['bucket', { bucket: 'c' }],
    ['folder', { prefix: 'a' }],
    ['server', { endpoint: 'http://minio.example' }],
    ['port', { endpoint: 'http://minio.example:9000' }],
  ])('is for another place with another %s', (_, change) => {
    expect(accepts(change).place).not.toBe(accepts({}).place);
  });

  it.each([
    [{ format: 'jsonl', compression: 'zstd' }, 'compression'],
    [{ format: 'jsonl', compression: 'snappy' }, 'compression'],
    [{ access_key: 'a' }, 'secret_access_key'],
    [{ secret_access_key: 'a' }, 'access_key'],
    [{ format: 'json', compression: 'zstd' }, 'compression'],
    [{ format: 'csv', compression: 'snappy' }, 'compression'],
    [{ format: 'avro' }, 'format'],
    [{ endpoint: 'minio:9000' }, 'endpoint'],
    [{ flush_rows: 0 }, 'flush_rows'],
  ])('refuses %j', (config, property) => {
    expect(() => accepts(config)).toThrow(
      expect.objectContaining({ name: 'ConfigError', problems: [expect.objectContaining({ property })] }),
    );
  });

  it('reports all conflicts at once', () => {
    expect(() => accepts({ format: 'jsonl', compression: 'zstd', access_key: 'a' })).toThrow(
      expect.objectContaining({
        problems: [{ property: 'secret_access_key' }, { property: 'compression' }].map((problem) =>
          expect.objectContaining(problem),
        ),
      }),
    );
  });
});
