import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { Catalog } from '../interface/catalog.ts';
import { ConfigError, isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { State } from '../interface/state.ts';
import { parseCatalog } from '../singer/catalog.ts';
import { parseState } from '../singer/state.ts';

/** Reads a config file; `what` is what messages call it. Throws a ConfigError `config_unreadable` that names the file. */
export async function readConfig(path: string, what = 'config'): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(path, what, 'config_unreadable');
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The parser's own message quotes the text, which may hold a secret.
    throw unreadable(path, what, 'config_unreadable', `is not JSON${positionOf(error, text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable(path, what, 'config_unreadable', 'holds no JSON object');
  }
  return value as Record<string, unknown>;
}

export async function readCatalog(path: string): Promise<Catalog> {
  return parseCatalog(await readText(path, 'catalog', 'catalog_unreadable'), path);
}

export async function readState(path: string): Promise<State> {
  return parseState(await readText(path, 'state', 'state_unreadable'), path);
}

/** How long the state that was read from a file is used before it is read again. */
const stateMilliseconds = 10_000;

/**
 * The state that the caller of the program has saved, which is durable: the state file, read again at most every ten seconds. Resolves with undefined while the file cannot be
 * read, for example in the middle of a write.
 */
export function savedState(path: string, log: Log): () => Promise<State | undefined> {
  let state: State | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - readAt < stateMilliseconds) return state;
    readAt = performance.now();
    try {
      state = await readState(path);
    } catch (error) {
      log.debug('the state file cannot be read now', { error: String(error) });
      state = undefined;
    }
    return state;
  };
}

async function readText(
  path: string,
  what: string,
  code: 'config_unreadable' | 'catalog_unreadable' | 'state_unreadable',
): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (!isUtf8(bytes)) throw unreadable(path, what, code, 'is not text in UTF-8');
    return bytes.toString('utf8');
  } catch (error) {
    if (isC8Error(error)) throw error;
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'does not exist'
        : `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw unreadable(path, what, code, reason);
  }
}

function unreadable(path: string, what: string, code: string, reason: string): ConfigError {
  return new ConfigError(`${what} file ${path} ${reason}`, { code, details: { file: path } });
}

function positionOf(error: unknown, text: string): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}
