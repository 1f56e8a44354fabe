import { describe, expect, test } from 'vitest';
import { configOf, createDatabase, readLines } from './harness.ts';

describe('a type that only shares the name of another', () => {
  test('is recognized by its oid or its extension, not by its name', async () => {
    const database = await createDatabase(`
      create type hstore as enum ('a', 'b'); create domain numeric as text; create type json as (x int); create type bytea as enum ('x');
      create type date as range (subtype = pg_catalog.int4); create domain pairs as public.hstore[];
      create table t (id int primary key, h hstore, hs hstore[], n public.numeric, j public.json, by public.bytea, d public.date,
        dm public.date_multirange, p pairs, secret text);
      insert into t values (1, 'a', '{a,b}', 'NaN', '(1)', 'x', '[1,2)', '{[1,2)}', '{b}', 's1'),
        (2, 'b', null, null, null, null, null, null, null, 's2'), (3, null, '{NULL}', '', '()', null, 'empty', '{}', '{}', 's3')`);
    expect(await readLines(configOf(database), 'public-t')).toEqual([
      '{"id":1,"h":"a","hs":["a","b"],"n":"NaN","j":"(1)","by":"x","d":"[1,2)","dm":"{[1,2)}","p":["b"],"secret":"s1"}',
      '{"id":2,"h":"b","hs":null,"n":null,"j":null,"by":null,"d":null,"dm":null,"p":null,"secret":"s2"}',
      '{"id":3,"h":null,"hs":[null],"n":"","j":"()","by":null,"d":"empty","dm":"{}","p":[],"secret":"s3"}',
    ]);
  });

  test('is hstore if its extension is, in any schema, and in its domains and arrays', async () => {
    const database = await createDatabase(`
      create schema extensions; create extension hstore schema extensions; create domain tagged as extensions.hstore;
      create table t (h extensions.hstore, d tagged, list tagged[]);
      insert into t values ('a=>1', 'b=>NULL', array['c=>"{,}"'::tagged, null])`);
    expect(await readLines(configOf(database), 'public-t')).toEqual([
      '{"h":{"a":"1"},"d":{"b":null},"list":[{"c":"{,}"},null]}',
    ]);
  });
});
