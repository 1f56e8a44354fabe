import { describe, expect, test } from 'vitest';
import { connection, jsonLines, openFolder } from '../program.ts';

/** A connection whose rows go to the board, one stream of three rows. */
function toBoard(end: object, source: object = {}): object {
  const target = { connector: './integration.mjs', config: { token: 'quite-secret-token' }, ...end };
  return { ...connection({ source: { rows: 3, streams: 1, ...source } }), target };
}

async function refused(end: object, source?: object): Promise<string> {
  await using folder = await openFolder();
  await folder.write('copy.json', toBoard(end, source));
  const { code, stdout, stderr } = await folder.run(['sync', 'copy.json']);
  expect([code, stdout]).toEqual([2, '']);
  await expect(folder.read('board.jsonl')).rejects.toThrow();
  return stderr;
}

describe('a connection to an integration', () => {
  test('calls the action for each row, with its columns in the input', async () => {
    await using folder = await openFolder();
    const input = { text: 'row {{id}} of {{ amount }} & more', room: { $env: 'ROOM' }, times: '{{id}}' };
    await folder.write('copy.json', toBoard({ action: 'say', input }));
    const { code } = await folder.run(['sync', 'copy.json'], { env: { ROOM: 'R1' } });
    expect(code).toBe(0);
    expect(jsonLines(await folder.read('board.jsonl'))).toEqual(
      [1, 2, 3].map((id) => ({ text: `row ${id} of 12345678901234567890 & more`, room: 'R1', times: id })),
    );
    expect(JSON.parse(await folder.read('copy.json.run.json'))).toMatchObject({
      target: { connector: 'c8-integration-board', version: '3.2.1', action: 'say' },
      streams: [{ stream: 'list-1', read: 3, written: 3 }],
    });
  });

  test('escapes the values of the columns and nothing else', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', toBoard({ action: 'say', input: { text: '<b> {{word}}' } }, { word: '<a> & b' }));
    expect((await folder.run(['sync', 'copy.json'])).code).toBe(0);
    const [row] = jsonLines(await folder.read('board.jsonl'));
    expect(row?.text).toBe('<b> &lt;a> &amp; b');
  });

  test('continues when the outcome of a row is unknown, and counts it as rejected', async () => {
    await using folder = await openFolder();
    const end = { action: 'say', input: { text: 'lose-me {{id}}' }, config: { token: 'quite-secret-token' } };
    await folder.write('copy.json', toBoard(end, { rows: 2 }));
    const { code, stdout } = await folder.runOnTerminal(['sync', 'copy.json']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/done: \d rows written, 2 rejected in /);
    const [stream] = JSON.parse(await folder.read('copy.json.run.json')).streams;
    expect(stream).toMatchObject({
      rejected: 2,
      rejections: [{ row: '[1]', code: 'outcome_unknown' }, { row: '[2]' }],
    });
  });

  test('is refused when its action is missing or unknown, or when a target without actions has one', async () => {
    expect(await refused({})).toContain(
      'target.action: is missing; c8-integration-board is an integration: give one of say, listRooms',
    );
    expect(await refused({ action: 'sya' })).toContain("c8-integration-board has no action 'sya'; did you mean 'say'?");
    const plain = { connector: './target.mjs', config: { folder: 'out' }, action: 'say' };
    expect(await refused(plain)).toContain(
      "target.action: './target.mjs' is a target: only an integration has actions",
    );
    expect(await refused({ input: { text: 'a' } })).toContain('target.input: belongs to an action; give target.action');
  });

  test('is refused with all problems of its config and its input', async () => {
    const said = await refused({ config: {}, action: 'say', input: { txt: 'a', times: 'often' } });
    expect(said).toContain('target: the config has a problem: token: is mandatory');
    expect(said).toContain('target: the input of say has 3 problems:\n');
    expect(said).toContain('\n  text: is mandatory');
    expect(said).toContain("\n  times: 'often' is not a whole number");
    expect(said).toContain("\n  txt: unknown property; did you mean 'text'?");
  });

  test('is refused before anything is sent when a stream lacks a column of the input', async () => {
    const end = { action: 'say', input: { text: '{{id}} {{wrod}}' } };
    const said = await refused(end, { streams: 2 });
    expect(said).toContain("column_unknown: {{wrod}}: stream 'list-1' has no 'wrod'; did you mean 'word'?");
    expect(said).toContain("stream 'list-2' has no 'wrod'");
    expect(await refused({ action: 'say' })).toContain("{{text}}: stream 'list-1' has no 'text'");
  });
});
