import { parseState, type State } from 'c8connector';

/** A message for the reader: lines of rows, or a state. */
export type Received = { readonly lines: readonly string[] } | { readonly state: State };

/** The result of several reads of the table `t`, each of which resumed from the last state of the previous one: rows after that state come again. */
export interface ReceivedRows {
  receive(message: Received): void;
  /** Called when the read has ended or died: what came after its last state does not count. Returns that state. */
  cut(): State | undefined;
  /** Changes that count. */
  readonly changes: number;
  /** The content of a table to which all of them were applied. */
  rows(): ReadonlyMap<number, string>;
}

/** Rows have the columns `id`, an integer, and `a`, which an update may leave out; nothing is received yet. */
export function receivedRows(): ReceivedRows {
  const counted: string[] = [];
  let held: string[] = [];
  let last: State | undefined;
  return {
    receive(message) {
      if ('lines' in message) held.push(...message.lines);
      else {
        counted.push(...held);
        held = [];
        last = parseState(JSON.stringify(message.state), 'state');
      }
    },
    cut() {
      held = [];
      return last;
    },
    get changes() {
      return counted.length;
    },
    rows() {
      const table = new Map<number, string>();
      for (const { id, a, _sdc_deleted_at: at } of counted.map((line) => JSON.parse(line))) {
        if (at === null) table.set(id, a ?? table.get(id));
        else table.delete(id);
      }
      return new Map([...table].toSorted(([one], [other]) => one - other));
    },
  };
}
