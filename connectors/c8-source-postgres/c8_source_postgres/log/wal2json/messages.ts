import { invalidAnswer } from 'c8connector-sql';
import type { PostgresStream } from '../../discover.ts';
import type { CopyBoth } from '../copy-both.ts';
import { readStandbyMessage } from '../standby-message.ts';
import { type Translate, wal2jsonTranslation } from './translate.ts';

/** Where the messages of the log come from. */
export type LogMessages = Pick<CopyBoth, 'next' | 'wait'>;

/** The header of log data. Only its letter is read. */
const header = Buffer.concat([Buffer.from('w'), Buffer.alloc(24)]);

/** The messages of a wal2json slot, translated to those of pgoutput. */
export function wal2jsonMessages(copy: CopyBoth, streams: readonly PostgresStream[]): LogMessages {
  const translate = wal2jsonTranslation(streams);
  const ready: Buffer[] = [];
  return {
    next() {
      for (;;) {
        const translated = ready.shift();
        if (translated !== undefined) return translated;
        const message = copy.next();
        const data = message && readStandbyMessage(message);
        if (data?.kind !== 'data') return message;
        ready.push(...messagesOf(translate, data.body).map((body) => Buffer.concat([header, body])));
      }
    },
    wait: (signal) => copy.wait(signal),
  };
}

function messagesOf(translate: Translate, body: Buffer): readonly Buffer[] {
  try {
    return translate(body);
  } catch (error) {
    throw invalidAnswer(
      `a message of wal2json cannot be decoded (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
