import type { TargetConnector, TargetNeeds } from '../interface/connector.ts';
import type { SourceMessage } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { Batch } from '../jsonl/batch.ts';
import { renameLines } from '../jsonl/rename-lines.ts';
import { renameSchema, reservedNames } from '../jsonl/reserved-keys.ts';

/** Converts the messages of a source for a target: renames its reserved columns, and writes decimals as text if it asks for that. */
export async function* forTarget(
  messages: AsyncIterable<SourceMessage>,
  target: TargetConnector,
  needs: TargetNeeds,
): AsyncGenerator<SourceMessage> {
  const renamed = target.reservedKeys.length === 0 ? messages : renameMessages(messages, target.reservedKeys);
  for await (const message of renamed) yield message.type === 'RECORDS' ? message.with(needs.exact) : message;
}

interface Renaming {
  readonly names: ReadonlyMap<string, string>;
  readonly schema: StreamSchema;
}

/** Renames the columns whose names the target reserves. The map of names is made once for each SCHEMA. */
async function* renameMessages(
  messages: AsyncIterable<SourceMessage>,
  reservedKeys: readonly string[],
): AsyncGenerator<SourceMessage> {
  const renamings = new Map<string, Renaming>();
  for await (const message of messages) {
    if (message.type === 'SCHEMA') {
      const names = reservedNames(message.schema, message.keyProperties, reservedKeys);
      const renamed = renameSchema(message.schema, message.keyProperties, names);
      renamings.set(message.stream, { names, schema: renamed.schema });
      yield { ...message, ...renamed };
      continue;
    }
    const renaming = message.type === 'RECORDS' ? renamings.get(message.stream) : undefined;
    if (message.type !== 'RECORDS' || renaming === undefined || renaming.names.size === 0) {
      yield message;
      continue;
    }
    const { stream, version, extractedAt, exact, count } = message;
    const header = { stream, version, extractedAt, exact, schema: renaming.schema };
    if (message.face === 'columns') yield Batch.ofColumns(header, message.columns(), count);
    else yield Batch.ofLines(header, renameLines(message.lines(), renaming.names), count);
  }
}
