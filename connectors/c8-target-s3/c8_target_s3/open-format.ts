import type { Log } from 'c8connector';
import type { Settings } from './config.ts';
import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { jsonArray, jsonLines } from './json.ts';
import { openParquet } from './parquet.ts';
import type { Spool } from './spool.ts';
import { gzipText, plainText, type TextEncoding } from './text-format.ts';

/** Opens the format that the settings name. Disposing ends its background work. */
export async function openFormat(settings: Settings, spool: Spool, log: Log): Promise<Format & AsyncDisposable> {
  if (settings.format === 'parquet') return openParquet(spool, settings, log);
  const compressed = settings.compression === 'gzip' ? gzipText : plainText;
  return { ...compressed(spool, encodingOf(settings.format, settings)), async [Symbol.asyncDispose]() {} };
}

function encodingOf(
  format: Exclude<Settings['format'], 'parquet'>,
  { csvEscapesFormulas: escapesFormulas }: Settings,
): TextEncoding {
  switch (format) {
    case 'jsonl':
      return jsonLines;
    case 'json':
      return jsonArray;
    case 'csv':
      return csv({ escapesFormulas });
  }
}
