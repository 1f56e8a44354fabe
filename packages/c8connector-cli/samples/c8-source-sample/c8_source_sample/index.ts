import { defineSource } from 'c8connector';
import manifest from '../package.json' with { type: 'json' };
import { getPage } from './client.ts';

const id = { type: 'integer' };
const text = { type: ['string', 'null'] };
const updated_at = { type: 'string', format: 'date-time' };
const lists = [
  { id: 'authors', schema: { type: 'object', properties: { id, name: text, updated_at } } },
  { id: 'books', schema: { type: 'object', properties: { id, title: text, author_id: id, updated_at } } },
];
const replication = { methods: ['FULL_TABLE', 'INCREMENTAL'], keys: ['updated_at'] } as const;

/** Reads the lists of a web API: `GET /books?after=7` gives the next objects by id as a JSON array, `[]` at the end; with `updated_since` only those that were changed then or later. */
export class SampleSource extends defineSource({
  package: manifest,
  name: 'Sample',
  description: 'Reads the lists of a web API, page by page.',
  config: {
    url: { type: 'string', displayName: 'URL', description: 'Address of the API.', isMandatory: true },
    token: { type: 'password', displayName: 'Token', description: 'Token that may read the lists.', isMandatory: true },
  },
  *check({ config, signal }) {
    const run = async () => `Read ${(await getPage(config, 'books', { after: 0 }, signal)).length} books.`;
    yield { id: 'read', label: 'Read a page', run };
  },
  discover: () => lists.map((list) => ({ ...list, keyProperties: ['id'], replication })),
  async *read(list, { config, bookmark, since, signal }) {
    for (let after = bookmark?.after ?? 0; ; ) {
      const rows = await getPage(config, list.id, { after, since }, signal);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield { rows, bookmark: { after: last.id } };
      after = last.id ?? after;
    }
  },
}) {}
