import { defineTarget } from 'c8connector';
import manifest from '../package.json' with { type: 'json' };
import { probe, save } from './folder.ts';

/** Writes streams into a folder as files of JSON lines. A file is whole or not there, whenever the program is killed. */
export class SampleTarget extends defineTarget({
  package: manifest,
  name: 'Sample',
  description: 'Writes streams into a folder, as files of JSON lines.',
  config: { folder: { type: 'string', displayName: 'Folder', description: 'Must exist.', isMandatory: true } },
  *check({ config }) {
    yield { id: 'write', label: 'Write a file', property: 'folder', run: () => probe(config.folder) };
  },
  async *write(messages, { config }) {
    let held: { stream: string; version: number; lines: Uint8Array }[] = [];
    for await (const message of messages) {
      if (message.type === 'RECORDS') {
        held.push({ stream: message.stream, version: message.version ?? 0, lines: message.lines() });
      } else if (message.type === 'FLUSH') {
        await save(config.folder, held);
        held = [];
        yield message.state;
      }
    }
  },
}) {}
