import { Batch, type RecordsMessage, type Row, type TargetConnector, type TargetMessage } from 'c8connector';

export type Change = (rows: readonly Row[], batch: RecordsMessage) => readonly Row[];

/** A `write` that changes the rows of each batch before the honest one stores them. */
export function changedRows(honest: TargetConnector, change: () => Change): Pick<TargetConnector, 'write'> {
  return {
    write(messages, request) {
      const changeRows = change();
      async function* changed(): AsyncGenerator<TargetMessage> {
        for await (const message of messages) {
          if (message.type !== 'RECORDS') {
            yield message;
            continue;
          }
          const rows = changeRows(message.rows(), message);
          const names = new Set(rows.flatMap((row) => Object.keys(row)));
          const properties = Object.fromEntries([...names].map((name) => [name, {}]));
          yield Batch.ofRows({ ...message, schema: { type: 'object', properties } }, rows);
        }
      }
      return honest.write(changed(), request);
    },
  };
}
