import { describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';

const accepts = (config: object) => new S3Target().accepts({ bucket: 'b', ...config });

describe('The config', () => {
  it('gives the flush limits, and the exactness of the format', () => {
    expect(accepts({})).toEqual({ exact: 'text', flush: { rows: 1_000_000, bytes: 512_000_000, age: 60 } });
    expect(accepts({ format: 'jsonl', batch_flush_interval: 5, flush_rows: 10, flush_bytes: 1000 })).toEqual({
      exact: 'number',
      flush: { rows: 10, bytes: 1000, age: 5 },
    });
  });

  it.each([
    [{ format: 'jsonl', compression: 'zstd' }, 'compression'],
    [{ format: 'jsonl', compression: 'snappy' }, 'compression'],
    [{ access_key: 'a' }, 'secret_access_key'],
    [{ secret_access_key: 'a' }, 'access_key'],
    [{ format: 'csv' }, 'format'],
    [{ endpoint: 'minio:9000' }, 'endpoint'],
    [{ flush_rows: 0 }, 'flush_rows'],
  ])('refuses %j', (config, property) => {
    expect(() => accepts(config)).toThrow(
      expect.objectContaining({ name: 'ConfigError', problems: [expect.objectContaining({ property })] }),
    );
  });

  it('reports all that does not fit together at once', () => {
    expect(() => accepts({ format: 'jsonl', compression: 'zstd', access_key: 'a' })).toThrow(
      expect.objectContaining({
        problems: [{ property: 'secret_access_key' }, { property: 'compression' }].map((problem) =>
          expect.objectContaining(problem),
        ),
      }),
    );
  });
});
