import {
  DataError,
  type RecordsMessage,
  type Rejection,
  rowIdentity,
  type SchemaMessage,
  stringifyValue,
} from 'c8connector';
import type { Settings } from './config.ts';
import { type Reason, reasonOf } from './reasons.ts';
import type { Spool } from './spool.ts';

/** The dead letters of one stream since the last flush: rows that could not be stored, each with all its reasons. */
export interface LetterFile {
  readonly stream: string;
  /** Temporary file with one JSON object per row, each on its own line. */
  readonly path: string;
  readonly rejections: Rejection[];
}

/** The limits of rejections, and where they are reported. */
export interface Rejecting {
  readonly settings: Pick<Settings, 'isStrict' | 'mostRejected'>;
  /** See `WriteRequest`. */
  readonly rejected?: ReadonlyMap<string, number> | undefined;
  readonly onRejected?: ((rejection: Rejection) => void) | undefined;
}

/** A row that cannot be stored. */
export interface RejectedRow {
  readonly message: SchemaMessage;
  /** A batch with only this row, unchanged. */
  readonly row: RecordsMessage;
  /** The errors of all columns that cannot be stored. */
  readonly reasons: readonly DataError[];
}

/** Collects rows that cannot be stored until a flush stores them as dead letters, and reports them once they are committed. */
export class DeadLetters {
  readonly #spool: Spool;
  readonly #rejecting: Rejecting;
  readonly #identities = new Map<string, ReturnType<typeof rowIdentity>>();
  /** Committed rejections by stream, for callers that do not count them. */
  readonly #own = new Map<string, number>();
  /** Rejections by stream that are not committed. */
  readonly #pending = new Map<string, number>();
  readonly #stored: LetterFile[] = [];
  #files = new Map<string, LetterFile>();

  constructor(spool: Spool, rejecting: Rejecting) {
    this.#spool = spool;
    this.#rejecting = rejecting;
  }

  get isStrict(): boolean {
    return this.#rejecting.settings.isStrict;
  }

  /** Adds a rejected row. Throws a DataError `too_many_rejected` if the stream then has more than the settings allow. */
  async add({ message, row, reasons }: RejectedRow): Promise<void> {
    const [first] = reasons;
    if (first === undefined) throw new Error(`a row of ${message.stream} is rejected without a reason`);
    const { stream, keyProperties } = message;
    const pending = (this.#pending.get(stream) ?? 0) + 1;
    const counted = this.#rejecting.rejected ?? this.#own;
    const { mostRejected } = this.#rejecting.settings;
    if ((counted.get(stream) ?? 0) + pending > mostRejected) throw tooMany(stream, mostRejected, first);
    this.#pending.set(stream, pending);
    const [values = {}] = row.rows();
    const identity = this.#identities.get(stream) ?? rowIdentity(keyProperties);
    this.#identities.set(stream, identity);
    const file = this.#files.get(stream) ?? { stream, path: this.#spool.newPath(), rejections: [] };
    this.#files.set(stream, file);
    const key = Object.fromEntries(keyProperties.map((name) => [name, values[name] ?? null]));
    await this.#spool.append(file.path, letterOf(row, key, reasons.map(reasonOf)));
    const messages = reasons.map((reason) => reason.message).join(' ');
    file.rejections.push({ stream, row: identity.of(values), code: first.code, message: messages });
  }

  /** Takes the rows that were rejected since the last call. */
  take(): readonly LetterFile[] {
    const files = [...this.#files.values()];
    this.#files = new Map();
    return files;
  }

  /** Adds files that a flush has stored and the next commit will name. */
  stored(files: readonly LetterFile[]): void {
    this.#stored.push(...files);
  }

  /** Reports the rows whose files are committed. */
  report(): void {
    for (const { stream, rejections } of this.#stored.splice(0)) {
      this.#pending.set(stream, (this.#pending.get(stream) ?? 0) - rejections.length);
      this.#own.set(stream, (this.#own.get(stream) ?? 0) + rejections.length);
      for (const rejection of rejections) this.#rejecting.onRejected?.(rejection);
    }
  }
}

/** A line of dead letters. It has the record unchanged, with all its digits. */
function letterOf(row: RecordsMessage, key: object, reasons: readonly Reason[]): Uint8Array {
  const head = stringifyValue({ stream: row.stream, version: row.version ?? null, key, reasons });
  // Without the line break at the end of the record's line.
  return Buffer.concat([Buffer.from(`${head.slice(0, -1)},"record":`), row.lines().slice(0, -1), Buffer.from('}\n')]);
}

function tooMany(stream: string, most: number, last: DataError): DataError {
  return new DataError(
    `Stream ${stream}: more than ${most} rows of this run cannot be stored. The last of them: ${last.message}`,
    {
      code: 'too_many_rejected',
      cause: last,
      details: { ...last.details, stream },
      remedy: `Correct the rows in the source, or raise max_rejected. ${last.remedy ?? ''}`.trim(),
    },
  );
}
