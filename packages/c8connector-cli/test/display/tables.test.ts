import { expect, test } from 'vitest';
import { table } from '../../src/display/tables.ts';

const head = ['id', 'text', 'note'];

test('a table shows its cells between lines and ends with a newline', () => {
  expect(table(head, [['1', 'a', '']], { width: 80, right: [0] })).toBe(
    [
      '┌────┬──────┬──────┐',
      '│ id │ text │ note │',
      '├────┼──────┼──────┤',
      '│  1 │ a    │      │',
      '└────┴──────┴──────┘',
      '',
    ].join('\n'),
  );
});

test('cells are cut, or wrapped when that is asked for', () => {
  const row = ['1', 'word '.repeat(10).trim(), ''];
  expect(table(head, [row], { width: 80, cell: 12 })).toContain('│ word word w… │');
  expect(table(head, [row], { width: 40, isWrapped: true })).toMatch(/│ word.*\n.*│ word/);
  expect(table(head, [row], { width: 40, isWrapped: true })).not.toContain('…');
});

test('no line is wider than the terminal, and hidden columns are named', () => {
  const many = Array.from({ length: 50 }, (_, index) => `column_${index}`);
  for (const width of [12, 20, 40, 79, 200]) {
    const lines = table(many, [many, many.map(() => '日本語'.repeat(9))], { width, cell: 32 }).split('\n');
    expect(
      Math.max(
        ...lines.map((line) => [...line].reduce((sum, char) => sum + (/[\u3000-\u9fff]/.test(char) ? 2 : 1), 0)),
      ),
    ).toBeLessThanOrEqual(width);
    expect(lines.at(-2)).toMatch(/^and \d+ mo/);
  }
});

test('control characters for a terminal are written as text', () => {
  const drawn = table(['a'], [['\u001b[31mred\r\n\u0007\u009b\u202e']], { width: 80 });
  expect(drawn).toContain('\\u001b[31mred\\r\\n\\u0007\\u009b\\u202e');
});
