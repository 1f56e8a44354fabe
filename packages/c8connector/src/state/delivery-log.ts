/// <reference lib="esnext.disposable" preserve="true" />
import type { Ledger } from '../interface/ledger.ts';
import type { Json } from '../interface/progress.ts';

/** What targets that cannot undo anything have done durably, by scope: one unit in one copy, or in one run. */
export interface DeliveryLog {
  /**
   * The ledger of a scope. `from` is the resume point at which its read begins: entries of rows without a key count only after the boundary with that point,
   * since the rows before it do not come again. Rejects with a ConfigError `state_unreadable` that names file and line when what is kept is damaged: to skip
   * a line could repeat a call. In a log rows of one key come again and again: there each entry counts only as long as the read begins where it began when the entry was made.
   */
  open(scope: string, from: Json, options?: { readonly isLog?: boolean }): Promise<Ledger & AsyncDisposable>;
  /** Forgets all scopes but these. No ledger may be open. */
  retain(scopes: ReadonlySet<string>): Promise<void>;
}
