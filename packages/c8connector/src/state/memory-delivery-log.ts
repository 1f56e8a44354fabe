import type { DeliveryLine } from './delivery-line.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { isRetained, openLedger } from './ledger.ts';

/** A delivery log in memory: for tests, and for hosts that never resume a run after their process died. */
export function openMemoryDeliveries(): DeliveryLog {
  let lines: DeliveryLine[] = [];
  return {
    async open(scope, from, { isLog } = {}) {
      const append = async (line: DeliveryLine) => {
        lines.push(line);
      };
      const of = (one: string) => lines.filter((line) => line.scope === one);
      const ledger = openLedger({ scope, from, isLog, lines: of, append });
      return { ...ledger, [Symbol.asyncDispose]: async () => undefined };
    },
    async retain(scopes) {
      lines = lines.filter(({ scope }) => isRetained(scope, scopes));
    },
  };
}
