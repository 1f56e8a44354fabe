import { defineTarget } from 'c8connector';

/** Discards JSON lines. No target is faster, so the bench measures everything before it. */
export class Discard extends defineTarget({
  package: { name: 'c8-target-discard', version: '0.0.0' },
  name: 'Discard',
  description: 'Throws bytes away.',
  config: {},
  async *write(messages) {
    for await (const message of messages) {
      if (message.type === 'RECORDS') {
        message.lines();
        message.release?.();
      }
      if (message.type === 'FLUSH') yield message.state;
    }
  },
}) {}
