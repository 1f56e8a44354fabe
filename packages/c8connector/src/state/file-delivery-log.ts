import { type FileHandle, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '../interface/errors.ts';
import { deferredWriter } from './deferred-writer.ts';
import { type DeliveryLine, deliveryText, parseDeliveryLine } from './delivery-line.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { endLine, linesOf, openToAppend } from './file-lines.ts';
import { isRetained, openLedger } from './ledger.ts';
import { orDiskFull, syncFolder, type WriteFileOptions, writeFileAtomically } from './write-file.ts';

/** A file is written in parts of about this many characters. */
const partLength = 64 * 1024;

/** Hooks around changes of the file. */
export interface FileDeliveryOptions extends WriteFileOptions {
  /** Makes durable what the entries refer to. */
  readonly beforeAppending?: () => Promise<void>;
  /** Called once entries are durable. When it rejects, so does `add`. */
  readonly afterAppending?: () => Promise<void>;
}

/**
 * The delivery log of a connection in a file, with one JSON line for each entry, synced before `add` resolves. The file is created with the first entry, and removed when nothing
 * is retained. A last line without a newline was cut off by a kill before its `add` had resolved, and counts only if it is complete. Any other damaged
 * line is a ConfigError `state_unreadable`.
 */
export function openFileDeliveries(path: string, options: FileDeliveryOptions = {}): DeliveryLog & AsyncDisposable {
  const file = appendingTo(path, options);
  /** The lines by scope, once the file was read: each unit of a run needs them, and nothing else writes the file. */
  let known: Map<string, DeliveryLine[]> | undefined;
  return {
    async open(scope, from, { isLog } = {}) {
      known ??= await linesByScope(path);
      const scopes = known;
      const append = async (line: DeliveryLine): Promise<void> => {
        await file.append(line);
        addLine(scopes, line);
      };
      const ledger = openLedger({ scope, from, isLog, lines: (one) => scopes.get(one) ?? [], append });
      return { ...ledger, [Symbol.asyncDispose]: async () => undefined };
    },
    async retain(scopes) {
      known = undefined;
      await file.close();
      let kept = 0;
      let dropped = 0;
      for await (const { scope } of readLines(path)) {
        if (isRetained(scope, scopes)) kept += 1;
        else dropped += 1;
      }
      if (kept > 0 && dropped > 0) await writeFileAtomically(path, retained(path, scopes), options);
      if (kept > 0) return;
      await options.beforeReplacing?.();
      await rm(path, { force: true });
    },
    [Symbol.asyncDispose]: file.close,
  };
}

/** Appends lines; those that are added during a write are written and synced together. */
function appendingTo(path: string, { beforeAppending, afterAppending }: FileDeliveryOptions) {
  let file: FileHandle | undefined;
  let isBroken = false;
  let waiting: string[] = [];

  const appendText = async (text: string): Promise<void> => {
    if (file === undefined) {
      file = await openToAppend(path, isComplete);
      await syncFolder(dirname(path));
    }
    // A write that failed may have left half a line.
    if (isBroken) await endLine(file, isComplete);
    isBroken = true;
    await file.writeFile(text);
    isBroken = false;
    await file.datasync();
  };
  const { write } = deferredWriter(0, async () => {
    const text = waiting.join('');
    waiting = [];
    try {
      await beforeAppending?.();
    } finally {
      // What was done must be recorded in any case.
      await appendText(text).catch((error: unknown) => {
        throw orDiskFull(path, error);
      });
    }
    await afterAppending?.();
  });
  return {
    append(line: DeliveryLine): Promise<void> {
      waiting.push(deliveryText(line));
      return write();
    },
    async close(): Promise<void> {
      await file?.close();
      file = undefined;
    },
  };
}

async function linesByScope(path: string): Promise<Map<string, DeliveryLine[]>> {
  const scopes = new Map<string, DeliveryLine[]>();
  for await (const line of readLines(path)) addLine(scopes, line);
  return scopes;
}

function addLine(scopes: Map<string, DeliveryLine[]>, line: DeliveryLine): void {
  const lines = scopes.get(line.scope);
  if (lines === undefined) scopes.set(line.scope, [line]);
  else lines.push(line);
}

async function* retained(path: string, scopes: ReadonlySet<string>): AsyncGenerator<string> {
  let part = '';
  for await (const line of readLines(path)) {
    if (isRetained(line.scope, scopes)) part += deliveryText(line);
    if (part.length < partLength) continue;
    yield part;
    part = '';
  }
  yield part;
}

async function* readLines(path: string): AsyncGenerator<DeliveryLine> {
  for await (const { text, number, isWhole } of linesOf(path)) {
    const line = parseDeliveryLine(text);
    if (line !== undefined) yield line;
    else if (isWhole) throw damaged(path, number);
  }
}

function isComplete(text: string): boolean {
  return parseDeliveryLine(text) !== undefined;
}

function damaged(path: string, line: number): ConfigError {
  return new ConfigError(
    `line ${line} of ${path} is damaged: it records what was already sent, and without it rows could be sent twice`,
    {
      code: 'state_unreadable',
      remedy: 'Restore the file. If it is removed, the next run sends again what the unfinished run has sent.',
      details: { file: path, line },
    },
  );
}
