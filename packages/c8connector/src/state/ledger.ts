import type { Ledger } from '../interface/ledger.ts';
import type { Json } from '../interface/progress.ts';
import type { DeliveryLine } from './delivery-line.ts';
import { pointText, resumePointOf } from './resume-point.ts';

/** What a ledger is made of. */
export interface LedgerParts {
  readonly scope: string;
  /** Where the read of the scope begins. */
  readonly from: Json;
  /** All lines of the delivery log so far, of any scope. */
  readonly lines: AsyncIterable<DeliveryLine> | Iterable<DeliveryLine>;
  /** Resolves when the line is durable. */
  append(line: DeliveryLine): Promise<void>;
}

/** The ledger of one scope of a delivery log. */
export async function openLedger({ scope, from, lines, append }: LedgerParts): Promise<Ledger> {
  let last = pointText(from);
  const done = await readEntries(lines, scope, last);
  return {
    has: ({ stream, row }) => done.has(nameOf(stream, row)),
    async add({ stream, row }) {
      done.add(nameOf(stream, row));
      await append({ scope, stream, row });
    },
    async border(state) {
      const point = resumePointOf(state);
      const text = pointText(point);
      if (point === null || text === last) return false;
      last = text;
      await append({ scope, border: point });
      forgetWithoutKey(done);
      return true;
    },
  };
}

async function readEntries(lines: LedgerParts['lines'], scope: string, from: string): Promise<Set<string>> {
  const done = new Set<string>();
  for await (const line of lines) {
    if (line.scope !== scope) continue;
    if (!('border' in line)) done.add(nameOf(line.stream, line.row));
    else if (pointText(line.border) === from) forgetWithoutKey(done);
  }
  return done;
}

/** Rows before a border do not come again; one without a key is counted among its equals, from the border on. */
function forgetWithoutKey(done: Set<string>): void {
  for (const name of done) if (!name.startsWith('[')) done.delete(name);
}

/** A key is a JSON list; a hash is not. */
function nameOf(stream: string, row: string): string {
  return `${row}\n${stream}`;
}
