import { expect, test } from 'vitest';
import { sourceFindings } from '../findings.ts';

test.each([
  ['name', { name: ' ' }, 'name: " "'],
  ['packageName', { packageName: 'memory' }, 'packageName: "memory"'],
  ['version', { version: '1.0' }, 'version: "1.0"'],
  ['type', { packageName: 'c8-target-memory' }, 'type: "source"'],
  ['reservedKeys', { reservedKeys: undefined as never }, 'only name, packageName'],
])('1 finds a wrong %s', async (_name, broken, found) => {
  const [first] = await sourceFindings(() => broken);
  expect(first).toMatch(
    /^1 name, packageName, version and type are valid\n {2}expected: .*\n {2}found: .*\n {2}look at: /,
  );
  expect(first).toContain(`found: ${found}`);
});

test('1 is all that a wrong version breaks', async () => {
  expect(await sourceFindings(() => ({ version: 'v1.0.0' }))).toHaveLength(1);
});

const image = 'iVBORw0KGgo=';

test.each([
  ['an empty description', { description: '' }, 'description: ""'],
  ['a logo that is a URL', { logo: 'https://example.com/logo.png' }, 'logo: "https://example.com/logo.png"'],
  ['a logo that is not base64', { logo: 'data:image/png;base64,***' }, 'image/png whose data does not'],
  ['a logo that is too large', { logo: `data:image/png;base64,${'A'.repeat(200_000)}` }, '150000 bytes'],
])('2 finds %s', async (_name, broken, found) => {
  expect(await sourceFindings(() => broken)).toEqual([
    expect.stringMatching(new RegExp(`^2 the description.*found: ${found.replace(/[*.?/]/g, '\\$&')}`, 's')),
  ]);
});

test.each([`data:image/png;base64,${image}`, 'data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E'])(
  '2 accepts the logo %s',
  async (logo) => {
    expect(await sourceFindings(() => ({ logo }))).toEqual([]);
  },
);
