import { testSource } from 'c8connector-testing';
import { afterAll } from 'vitest';
import { SampleSource } from '../c8_source_sample/index.ts';
import { startApi } from './api.ts';

const books = Array.from({ length: 120 }, (_, index) => ({
  id: index + 1,
  title: `Book ${index + 1}`,
  author_id: 1,
  updated_at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
}));
const api = await startApi({ books, authors: [] });
afterAll(api.stop);

testSource({
  connector: SampleSource,
  config: api.config,
  packageFolder: new URL('..', import.meta.url),
  emptyStream: 'authors',
  expected: { books: books.slice(-1) },
});
