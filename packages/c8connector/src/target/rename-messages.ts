import type { SourceMessage } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { Batch } from '../jsonl/batch.ts';
import { renameLines, renameSchema, reservedNames } from '../jsonl/reserved-keys.ts';

interface Renaming {
  readonly names: ReadonlyMap<string, string>;
  readonly schema: StreamSchema;
}

/** Renames the columns whose names the target keeps for itself. The map is made once from each SCHEMA. */
export async function* renameMessages(
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
    const lines = renameLines(message.lines(), renaming.names);
    yield Batch.ofLines({ stream, version, extractedAt, exact, schema: renaming.schema }, lines, count);
  }
}
