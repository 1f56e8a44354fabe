import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ConfigError, type ErrorCode } from 'c8connector';
import { type Document, LineCounter, parseDocument, visit } from 'yaml';

/** A file that people write, in YAML or JSON. */
export interface DocumentFile {
  /** Absolute path, or `-` for stdin. */
  readonly path: string;
  /** For messages: `config file`. */
  readonly what: string;
  /** Code of the ConfigError that says what is wrong with it. */
  readonly code: ErrorCode;
}

/** Reads a file that holds one object. Throws a ConfigError that names the file, the line and the column, and never quotes what stands there. */
export async function readDocument(file: DocumentFile): Promise<Readonly<Record<string, unknown>>> {
  const content = await readText(file);
  const lines = new LineCounter();
  // Its pretty errors would quote the line, and the line may hold a secret.
  const document = parseDocument(content.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const [reason] = problem.message.split(/[:"\n]/);
    const isTwice = problem.code === 'DUPLICATE_KEY';
    throw invalid(file, `line ${line}, column ${col}: ${isTwice ? 'this key stands there twice' : reason?.trim()}`);
  }
  const value = plainValue(document, file);
  if (!isObject(value)) throw invalid(file, 'it must hold an object of keys and values');
  return value;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plainValue(document: Document, file: DocumentFile): unknown {
  // A number that would not be written as it stands here is kept as text: 0123 and 12345678901234567890 may be a password or a key.
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'number' && scalar.source !== undefined && String(scalar.value) !== scalar.source) {
        scalar.value = scalar.source;
      }
    },
  });
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw invalid(file, 'its aliases cannot be resolved');
  }
}

async function readText(file: DocumentFile): Promise<string> {
  if (file.path === '-') return await text(process.stdin);
  try {
    return await readFile(file.path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(file, code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${code})`, error);
  }
}

function invalid(file: DocumentFile, reason: string, cause?: unknown): ConfigError {
  const name = file.path === '-' ? 'on stdin' : file.path;
  return new ConfigError(`${file.what} ${name}: ${reason}`, {
    code: file.code,
    remedy: 'Give a file in YAML or JSON that holds one object.',
    cause,
    details: { file: file.path },
  });
}
