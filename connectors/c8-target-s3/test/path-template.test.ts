import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { type PathTemplate, parsePathTemplate } from '../c8_target_s3/path-template.ts';

const time = '2026-01-02T23:59:59.123456Z';

function template(text: string): PathTemplate {
  const parsed = parsePathTemplate(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

describe('A path template', () => {
  it.each([
    ['{stream}', [], 'orders'],
    ['{stream}/{country}', ['NZ'], 'orders/NZ'],
    ['raw/table={stream}/country={country}/day={date}/{hour}', ['NZ'], 'raw/table=orders/country=NZ/day=2026-01-02/23'],
    ['{stream}/{country}', [null], 'orders/__HIVE_DEFAULT_PARTITION__'],
    ['{stream}/{country}', ['__HIVE_DEFAULT_PARTITION__'], 'orders/%5F_HIVE_DEFAULT_PARTITION__'],
    ['{stream}/{country}', [''], 'orders/%'],
    ['{stream}/country={country}', [''], 'orders/country='],
    ['{stream}/{a}/{b}', ['../x', '.'], 'orders/%2E%2E%2Fx/%2E'],
    ['{stream}/{a}', ['Zürich 北京 a=b:c%\n'], 'orders/Zürich%20北京%20a%3Db%3Ac%25%0A'],
    ['{stream}/{a b}', ['1.50'], 'orders/1.50'],
  ])('%s with %j is %s', (text, values, folder) => {
    expect(template(text).folder('orders', values, time)).toBe(folder);
  });

  it.each([
    ['', /slash/],
    ['/{stream}', /slash/],
    ['{stream}/', /slash/],
    ['{stream}//{date}', /slash/],
    ['{date}', /first placeholder/],
    ['{date}/{stream}', /first placeholder/],
    ['all', /first placeholder/],
    ['{stream}/{a}{b}', /one \{placeholder\}/],
    ['{stream}/{a}-{b}', /one \{placeholder\}/],
    ['{stream}/{a', /one \{placeholder\}/],
    ['{stream}/a}', /one \{placeholder\}/],
    ['{stream}/{}', /one \{placeholder\}/],
    ['{stream}/{a}/{a}', /twice/],
    ['{stream}/{stream}', /twice/],
    ['../{stream}', /another folder/],
    ['{stream}/.', /another folder/],
    ['{stream}/a b', /letters, digits/],
    ['{stream}/%2E', /letters, digits/],
    ['é/{stream}', /letters, digits/],
  ])('%j is refused', (text, message) => {
    expect(parsePathTemplate(text)).toMatch(message);
    if (text === '') return;
    expect(() => new S3Target().accepts({ bucket: 'b', path_template: text })).toThrow(
      expect.objectContaining({ problems: [{ property: 'path_template', message: expect.stringMatching(message) }] }),
    );
  });

  it('puts each stream into its own folder, apart from other streams and the manifests', () => {
    const { streamFolder, folder } = template('a={stream}/{c}');
    expect(streamFolder('a/b')).toBe('a=a%2Fb');
    expect(folder('a/b', ['x'], time).startsWith('a=a%2Fb/')).toBe(true);
    expect(template('{stream}').folder('_c8', [], time)).not.toBe('_c8');
    expect(template('_c8/{stream}').folder('x', [], time)).not.toMatch(/^_c8\//);
    expect(template('_c{stream}').folder('8', [], time)).not.toMatch(/^_c8/);
  });

  it('distinguishes its own folders from those of others', () => {
    const { isFolder } = template('raw/t={stream}/{date}/.{a}x');
    expect(isFolder(template('raw/t={stream}/{date}/.{a}x').folder('s', ['.b'], time))).toBe(true);
    for (const other of [
      'raw',
      'raw/t=s',
      'raw/t=s/2026-01-02',
      'raw/s/2026-01-02/%2Eax',
      'raw/t=s/today/%2Eax',
      'raw/t=s/2026-01-02/%2Ea',
    ])
      expect(isFolder(other), other).toBe(false);
    expect(['orders', 'dev/orders', ''].map(template('{stream}').isFolder)).toEqual([true, false, false]);
  });

  it('puts two values into the same folder only if they are equal, and always within that of the stream', () => {
    const odd = fc
      .array(fc.constantFrom('.', '/', '%', '2E', '_', '=', '__HIVE_DEFAULT_PARTITION__', 'a', 'é', '\u0000', ' '), {
        maxLength: 4,
      })
      .map((parts) => parts.join(''));
    const value = fc.option(fc.oneof(odd, fc.string({ unit: 'binary' })), { nil: null });
    for (const text of ['{stream}/{a}/{b}', '{stream}/a={a}/x{b}y', '{stream}/.{a}/{b}']) {
      const { folder, isFolder } = template(text);
      fc.assert(
        fc.property(value, value, value, value, (a, b, c, d) => {
          const one = folder('s', [a, b], time);
          const other = folder('s', [c, d], time);
          expect(isFolder(one)).toBe(true);
          expect(one === other).toBe(a === c && b === d);
          expect(one.split('/')).toHaveLength(3);
          expect(one.split('/').filter((part) => part === '' || /^\.+$/.test(part))).toEqual([]);
        }),
        { numRuns: 300 },
      );
    }
  });
});
