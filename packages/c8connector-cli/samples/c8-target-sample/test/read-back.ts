import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseValue, type Row } from 'c8connector';

/** All rows that the files of a stream hold, in the order in which they were written. */
export async function readBack(folder: string, stream: string): Promise<Row[]> {
  const names = (await readdir(folder)).sort();
  const own = names.filter((name) => name.endsWith('.jsonl') && nameOf(name) === stream);
  const texts = await Promise.all(own.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => parseValue(line) as Row);
}

/** The stream that a file holds: what comes before version, time and the id of the file. */
function nameOf(file: string): string {
  return decodeURIComponent(/^(.*)-\d+-\d+-[-0-9a-f]{36}\.jsonl$/.exec(file)?.[1] ?? '');
}
