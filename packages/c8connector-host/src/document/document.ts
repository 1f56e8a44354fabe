import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { ConfigError, type ErrorCode } from 'c8connector';
import type { Document } from 'yaml';

/** An object of properties whose values are not checked yet: a config, an input, a document. */
export interface Values {
  readonly [property: string]: unknown;
}

/** A file that people write, in YAML or JSON. */
export interface DocumentFile {
  /** Absolute path of the file, or the name for messages of a text that is not from a file. */
  readonly path: string;
  /** What the file is, for messages: `config file`. */
  readonly what: string;
  /** Code of the ConfigError for problems with the file. */
  readonly code: ErrorCode;
}

/** Reads a file, and parses its text with {@link parseDocument}. Throws a ConfigError also when the file cannot be read. */
export async function readDocument(file: DocumentFile): Promise<Values> {
  return await parseDocument(await readText(file), file);
}

/**
 * Parses a YAML or JSON text that contains one object. Throws a ConfigError that names the file, the line and the column, and never quotes the text. A number
 * that JavaScript would write differently, such as 0123, is kept as text.
 */
export async function parseDocument(content: string, file: DocumentFile): Promise<Values> {
  // Loaded on demand, since many commands read no document.
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  // Its pretty errors would quote the line, and the line may hold a secret.
  const document = yaml.parseDocument(content.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const [reason] = problem.message.split(/[:"\n]/);
    const isTwice = problem.code === 'DUPLICATE_KEY';
    throw invalid(file, `line ${line}, column ${col}: ${isTwice ? 'this key occurs twice' : reason?.trim()}`);
  }
  const value = plainValue(document, yaml, file);
  if (!isObject(value)) throw invalid(file, 'it must contain an object of keys and values');
  return value;
}

export function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plainValue(document: Document, { visit }: typeof import('yaml'), file: DocumentFile): unknown {
  // A number that JavaScript would write differently is kept as text: 0123 and 12345678901234567890 may be a password or a key.
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
  const bytes = await readBytes(file);
  // A replacement character in a password would be a wrong password.
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw invalid(file, 'it is not text in UTF-8; store it as UTF-8');
}

async function readBytes(file: DocumentFile): Promise<Buffer> {
  try {
    return await readFile(file.path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(file, code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${code})`, error);
  }
}

function invalid(file: DocumentFile, reason: string, cause?: unknown): ConfigError {
  return new ConfigError(`${file.what} ${file.path}: ${reason}`, {
    code: file.code,
    remedy: 'Use a YAML or JSON file that contains one object.',
    cause,
    details: { file: file.path },
  });
}
