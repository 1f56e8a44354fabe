import { createHash } from 'node:crypto';
import type { Ledger } from '../interface/ledger.ts';
import type { Json } from '../interface/progress.ts';
import type { DeliveryLine } from './delivery-line.ts';
import { pointText, resumePointOf } from './resume-point.ts';

/** What a ledger needs. */
export interface LedgerParts {
  readonly scope: string;
  /** Where the read of the scope begins. */
  readonly from: Json;
  readonly isLog?: boolean | undefined;
  /** The lines of a scope so far. */
  lines(scope: string): Iterable<DeliveryLine>;
  /** Resolves when the line is durable. */
  append(line: DeliveryLine): Promise<void>;
}

/** The ledger of one scope of a delivery log. */
export function openLedger({ scope, from, isLog = false, lines, append }: LedgerParts): Ledger {
  let last = pointText(from);
  let current = isLog ? intervalOf(scope, last) : scope;
  let done = readEntries(lines(current), last);
  return {
    has: ({ stream, row }) => done.has(nameOf(stream, row)),
    async add({ stream, row }) {
      done.add(nameOf(stream, row));
      await append({ scope: current, stream, row });
    },
    async markBoundary(state) {
      const point = resumePointOf(state);
      const text = pointText(point);
      if (point === null || text === last) return false;
      last = text;
      if (isLog) {
        current = intervalOf(scope, last);
        done = new Set();
        return true;
      }
      await append({ scope, border: point });
      forgetWithoutKey(done);
      return true;
    },
  };
}

/** Whether a scope is one of these, or part of one. */
export function isRetained(scope: string, scopes: ReadonlySet<string>): boolean {
  return scopes.has(scope) || scopes.has(scope.slice(0, Math.max(0, scope.lastIndexOf('@'))));
}

/** The part of a scope that is read from one resume point on. */
function intervalOf(scope: string, point: string): string {
  return `${scope}@${createHash('sha256').update(point).digest('hex').slice(0, 32)}`;
}

function readEntries(lines: Iterable<DeliveryLine>, from: string): Set<string> {
  const done = new Set<string>();
  for (const line of lines) {
    if (!('border' in line)) done.add(nameOf(line.stream, line.row));
    else if (pointText(line.border) === from) forgetWithoutKey(done);
  }
  return done;
}

/** Forgets rows without a key: those before a boundary are not read again, and equal rows are counted from the boundary on. */
function forgetWithoutKey(done: Set<string>): void {
  for (const name of done) if (!name.startsWith('[')) done.delete(name);
}

/** A key is a JSON list; a hash is not. */
function nameOf(stream: string, row: string): string {
  return `${row}\n${stream}`;
}
