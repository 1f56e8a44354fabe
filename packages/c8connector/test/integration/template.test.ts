import { describe, expect, test } from 'vitest';
import { checkTemplate, Decimal, type Row, render, templateNames } from '../../src/index.ts';

const asIs = (text: string) => text;
const marked = (text: string) => `<${text}>`;

describe('a template', () => {
  test('lists the placeholders of its texts, each once, at any depth', () => {
    expect(templateNames({ a: '{{one}} {{ two }}', b: [{ c: '{{one}}', '{{key}}': 5 }, null] })).toEqual([
      'one',
      'two',
    ]);
  });

  test('a text with placeholders becomes text', () => {
    const row = { name: 'Ada', big: 9007199254740993n, price: new Decimal('1.50'), tags: ['a', 1], yes: true };
    expect(render('{{name}}: {{big}}, {{ price }}, {{tags}}, {{yes}}', row, asIs)).toBe(
      'Ada: 9007199254740993, 1.50, ["a",1], true',
    );
  });

  test.each<[string, unknown, unknown]>([
    ['a number', 5, 5],
    ['a truth', false, false],
    ['a list', ['a', { b: 1 }], ['a', { b: 1 }]],
    ['an object', { a: null }, { a: null }],
    ['a bigint, as its digits', 9007199254740993n, '9007199254740993'],
    ['a decimal, as its digits', new Decimal('1.50'), '1.50'],
  ])('a text that is only one placeholder becomes the value itself: %s', (_name, value, expected) => {
    expect(render({ input: ['{{ column }}'] }, { column: value } as Row, marked)).toEqual({ input: [expected] });
  });

  test('texts of a row are escaped everywhere, and texts of the template are not', () => {
    expect(render(['<b>{{a}}</b>', '{{a}}', '<i>'], { a: 'x' }, marked)).toEqual(['<b><x></b>', '<x>', '<i>']);
  });

  test('a text of a row that looks like a placeholder remains text', () => {
    expect(render(['{{a}} {{b}}', '{{a}}'], { a: '{{b}}', b: '$&' }, asIs)).toEqual(['{{b}} $&', '{{b}}']);
  });

  test.each<[string, Row]>([
    ['null', { name: null }],
    ['absent', {}],
  ])('what is %s becomes nothing', (_name, row) => {
    const rendered = render({ text: 'to {{name}}!', whole: '{{name}}' }, row, asIs) as Record<string, unknown>;
    expect(rendered.text).toBe('to !');
    expect(rendered.whole ?? null).toBeNull();
  });

  test('an absent column with the name of a method of objects is left empty', () => {
    expect(render(['to {{constructor}}!', '{{toString}}'], {}, asIs)).toEqual(['to !', undefined]);
  });

  test('values that are not text are not changed', () => {
    const template = { count: 5, flag: true, nothing: null, none: [] };
    expect(render(template, {}, marked)).toEqual(template);
  });

  test('an unknown column is reported with the nearest one, all of them at once', () => {
    expect(() => checkTemplate({ text: '{{naem}} {{id}} {{zzz}}' }, ['id', 'name'], "stream 'users'")).toThrow(
      expect.objectContaining({
        code: 'column_unknown',
        message: "{{naem}}: stream 'users' has no 'naem'; did you mean 'name'?\n{{zzz}}: stream 'users' has no 'zzz'",
      }),
    );
  });
});
