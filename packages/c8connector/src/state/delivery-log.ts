/// <reference lib="esnext.disposable" preserve="true" />
import type { Ledger } from '../interface/ledger.ts';
import type { Json } from '../interface/progress.ts';

/** Records what targets that cannot undo anything have done durably, by scope: one unit in one copy, or in one run. */
export interface DeliveryLog {
  /**
   * The ledger of a scope. `from` is the resume point at which its read begins: entries of rows without a key count only after the boundary with that point,
   * since the rows before it are not read again. With `isLog`, several rows can have the same key, so an entry counts only while reads begin where the read began when the entry
   * was made. Rejects with a ConfigError `state_unreadable` that names file and line when a line is damaged, since skipping it could repeat a call.
   */
  open(scope: string, from: Json, options?: { readonly isLog?: boolean }): Promise<Ledger & AsyncDisposable>;
  /** Forgets all scopes but these. No ledger may be open. */
  retain(scopes: ReadonlySet<string>): Promise<void>;
}
