import type { LedgerEntry } from '../interface/ledger.ts';
import type { Json } from '../interface/progress.ts';
import { parseValue, stringifyValue } from '../jsonl/values.ts';
import { isJsonObject } from '../singer/document.ts';

/** A line of the delivery log: an entry of a scope, or a boundary, from which a run can be resumed. */
export type DeliveryLine = { readonly scope: string } & (LedgerEntry | { readonly border: Json });

/** Reads a line; undefined when it is damaged. */
export function parseDeliveryLine(text: string): DeliveryLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    if (!isJsonObject(line) || typeof line.scope !== 'string') return undefined;
    // A boundary must keep its digits.
    if ('border' in line) return parseValue(text) as unknown as DeliveryLine;
    return typeof line.stream === 'string' && typeof line.row === 'string' ? (line as DeliveryLine) : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a line, with its newline. */
export function deliveryText(line: DeliveryLine): string {
  return `${'border' in line ? stringifyValue(line) : JSON.stringify(line)}\n`;
}
