import { defineTarget } from 'c8connector';
import manifest from '../package.json' with { type: 'json' };
import { check } from './check.ts';
import { config, settingsOf } from './config.ts';
import { write } from './write.ts';

/** Writes streams as Parquet, JSON or CSV into a bucket of S3 or of a server that speaks its protocol. */
export class S3Target extends defineTarget({
  package: manifest,
  name: 'S3',
  description: 'Writes streams into an S3 bucket, as Parquet, JSON or CSV.',
  config,
  check,
  accepts(parsed) {
    const { format, endpoint, bucket, folder } = settingsOf(parsed);
    const flush = { rows: parsed.flush_rows, bytes: parsed.flush_bytes, age: parsed.batch_flush_interval };
    // A bucket of Amazon is the same in whatever region it is asked for.
    const host = endpoint === undefined ? 'amazonaws.com' : new URL(endpoint).host;
    const face = format === 'parquet' ? 'columns' : 'lines';
    return { flush, face, place: `${host}/${bucket}/${folder}` };
  },
  write,
}) {}
