import { parseState, type State } from 'c8connector';

/** A message as a reader of it sees it: lines of rows, or a state. */
export type Received = { readonly lines: readonly string[] } | { readonly state: State };

/** What several reads of the table `t` gave, of which each one went on after the last state of the one before: rows behind that come again. */
export interface ReceivedRows {
  receive(message: Received): void;
  /** The read is over, or has died: what came after its last state does not count. Gives that state. */
  cut(): State | undefined;
  /** Changes that count. */
  readonly changes: number;
  /** What a table holds that has seen them all. */
  rows(): ReadonlyMap<number, string>;
}

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
