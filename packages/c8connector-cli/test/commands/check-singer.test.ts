import { describe, expect, test, vi } from 'vitest';
import { type Folder, openFolder } from '../program.ts';

/** A tap of one stream without a record; with `prints` in its config it prints that instead of messages, with `hangs` nothing, for ever. */
const tap = `
  import { readFileSync, writeFileSync } from 'node:fs';
  const argv = process.argv.slice(2);
  const config = JSON.parse(readFileSync(argv[argv.indexOf('--config') + 1], 'utf8'));
  const schema = { type: 'object', properties: { id: { type: 'integer' } } };
  if (config.hangs) {
    writeFileSync('pid', String(process.pid));
    setInterval(() => undefined, 1000);
  } else if (argv.includes('--discover')) {
    console.log(JSON.stringify({ streams: [{ tap_stream_id: 'a', stream: 'a', schema, metadata: [] }] }));
  } else {
    console.log(config.prints ?? JSON.stringify({ type: 'SCHEMA', stream: 'a', schema, key_properties: [] }));
  }`;
const target = `process.stdin.resume();`;

async function singerFolder(config: object = {}): Promise<Folder & { readonly command: (name: string) => string }> {
  const folder = await openFolder();
  await folder.write('tap-demo.mjs', tap);
  await folder.write('target-demo.mjs', target);
  await folder.write('config.json', config);
  return Object.assign(folder, { command: (name: string) => `'${process.execPath}' ${name}.mjs --config config.json` });
}

function only(...numbers: number[]): string[] {
  return numbers.flatMap((number) => ['--only', `${number}`]);
}

describe('check --singer', () => {
  test('reports each check with its sign, number, title and time, the reason of a skip, and a summary', async () => {
    await using folder = await singerFolder();
    const { code, stdout, stderr } = await folder.run([
      'check',
      '--singer',
      folder.command('tap-demo'),
      ...only(26, 43),
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/\d+(\.\d)? m?s$/, 'N ms'))).toEqual([
      '✓ 26 --discover prints one catalog, with at least one stream, and each id once  N ms',
      '- 43 the tap resumes from a STATE of an earlier run, and loses no record after it  N ms',
      '    skipped: the tap writes no STATE: it reads everything each time',
      '',
      '1 passed, 0 with a warning, 0 failed, 1 skipped',
      '',
    ]);
  });

  test('ends with 1 on a finding, and reports what was expected, what was found, and where to look', async () => {
    await using folder = await singerFolder({ prints: 'hello', token: 'hello' });
    const { code, stdout } = await folder.run(['check', '--singer', folder.command('tap-demo'), ...only(51)]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      [
        '    expected: a Singer message on each line of stdout, in strict JSON',
        '    found: line 1: "[secret]"',
        '    look at: everything that writes to stdout: print, progress bars, drivers; logs belong on stderr',
      ].join('\n'),
    );
  });

  test('prints the results as JSON', async () => {
    await using folder = await singerFolder({ prints: 'hello' });
    const args = ['check', '--singer', folder.command('tap-demo'), '--json', ...only(26, 51)];
    const { code, stdout } = await folder.run(args);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'tap',
      passed: 1,
      warned: 0,
      failed: 1,
      skipped: 0,
      results: [
        { number: 26, status: 'passed', findings: [] },
        { number: 51, status: 'failed', findings: [{ severity: 'error', found: 'line 1: "[secret]"' }] },
      ],
    });
  });

  test('notes for a target that no rows are read back', async () => {
    await using folder = await singerFolder();
    const { code, stdout, stderr } = await folder.run([
      'check',
      '--singer',
      folder.command('target-demo'),
      ...only(51),
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ 51 empty input prints nothing');
    expect(stderr).toContain('What the target stores is not read back');
  });

  test('ends with 2 when the command line is invalid', async () => {
    await using folder = await singerFolder();
    const calls = [
      [["tap-demo 'x"], 'the command line ends inside'],
      [['tap-that-is-not-there'], "the program 'tap-that-is-not-there' cannot be started (ENOENT)"],
      [[folder.command('tap-demo'), '--only', 'layout'], "takes the number of a check, and 'layout' is not one"],
      [[folder.command('tap-demo'), '--conformance'], '--conformance and --update do not go with it'],
      [[folder.command('tap-demo'), '--only', '68'], 'there is no check 68 for this program'],
    ] as const;
    const ends = await Promise.all(calls.map(async ([args]) => await folder.run(['check', '--singer', ...args])));
    expect(ends.map(({ code }) => code)).toEqual(calls.map(() => 2));
    for (const [index, { stderr }] of ends.entries()) expect(stderr).toContain(calls[index]?.[1]);
  });

  test('stops the program when it is stopped itself', async () => {
    await using folder = await singerFolder({ hangs: true });
    const { child, ended } = folder.start(['check', '--singer', folder.command('tap-demo'), ...only(26)]);
    // An empty file would make 0 of it, which is this process itself.
    const written = async () => expect(await folder.read('pid')).toMatch(/^\d+$/);
    await vi.waitFor(written, { timeout: 20_000, interval: 50 });
    const pid = Number(await folder.read('pid'));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('with --watch checks again when a file of the command line has changed', async () => {
    await using folder = await singerFolder({ prints: 'hello' });
    const started = folder.start(['check', '--watch', '--singer', folder.command('tap-demo'), ...only(51)]);
    await started.says('0 passed, 0 with a warning, 1 failed');
    await started.says('Waiting for a change');
    await folder.write('config.json', {});
    await started.says('1 passed, 0 with a warning, 0 failed');
    started.child.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
  });
});
