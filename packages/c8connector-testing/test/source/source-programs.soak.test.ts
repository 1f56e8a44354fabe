import { expect, test } from 'vitest';
import { handWrittenSource } from '../../../c8connector/test/fixtures/hand-written-source.ts';
import { MemorySource } from '../../../c8connector/test/fixtures/memory-source.ts';
import { sourceFindings } from '../findings.ts';
import { countedRows, endless, table } from '../hand-written.ts';
import { programFile } from '../program-file.ts';

const catalog = JSON.stringify(await new MemorySource().discover({ password: 'open sesame', rows: 40 }));

/** A tap in four pages. What is in `habits` replaces the honest habit of the same name. */
function tap(habits: Readonly<Record<string, string>> = {}): string {
  const honest: Record<string, string> = {
    begin: 'next',
    afterPage: 'state(from + 10);',
    beforePage: '',
    onSignal: 'isStopped = true;',
    pause: '1',
    exit: 'isStopped ? 143 : 0',
  };
  const { begin, afterPage, beforePage, onSignal, pause, exit } = { ...honest, ...habits };
  return `
    import { readFileSync } from 'node:fs';
    const file = (flag) => process.argv.includes(flag) ? JSON.parse(readFileSync(process.argv[process.argv.indexOf(flag) + 1])) : undefined;
    const print = (message) => process.stdout.write(JSON.stringify(message) + '\\n');
    const state = (next) => print({ type: 'STATE', value: { bookmarks: { generated: { next } } } });
    let isStopped = false;
    process.on('SIGTERM', () => { ${onSignal} });
    if (process.argv.includes('--discover')) process.stdout.write(${JSON.stringify(catalog)});
    else {
      const next = file('--state')?.bookmarks.generated.next ?? 0;
      print({ type: 'SCHEMA', stream: 'generated', schema: { type: 'object', properties: { id: { type: 'integer' } } }, key_properties: ['id'] });
      for (let from = ${begin}; from < 40 && !isStopped; from += 10) {
        ${beforePage}
        for (let id = from; id < Math.min(from + 10, 40); id++) print({ type: 'RECORD', stream: 'generated', record: { id } });
        ${afterPage}
        await new Promise((resolve) => setTimeout(resolve, ${pause}));
      }
      process.exitCode = ${exit};
    }`;
}

async function programFindings(only: number, habits?: Readonly<Record<string, string>>): Promise<string[]> {
  await using file = await programFile(tap(habits));
  const config = { password: 'open sesame', rows: 40 };
  return await sourceFindings(() => ({}), { config, program: file.program, only });
}

test('46 and 47 find nothing in a program that behaves as declared', async () => {
  expect(await programFindings(46)).toEqual([]);
  expect(await programFindings(47, { pause: '150' })).toEqual([]);
});

test('46 finds a state that is printed before its records', async () => {
  // The first thing on stdout, so that it is there whenever the program is killed.
  const habits = { begin: '(next === 0 ? (state(20), 0) : 0) + next', afterPage: '', pause: '300' };
  expect(await programFindings(46, habits)).toEqual([
    expect.stringMatching(
      /^46 .*expected: all 40 records of 'generated' before the last STATE before byte \d+ of \d+, where it was killed/s,
    ),
  ]);
});

test('46 finds a run that resumes one page too late', async () => {
  // A state at once, so that each of the killed programs has one.
  const habits = {
    begin: '(next === 0 ? (state(0), 0) : 0) + next + (process.argv.includes("--state") ? 10 : 0)',
    pause: '300',
  };
  expect(await programFindings(46, habits)).toEqual([expect.stringMatching(/^46 .*found: \d+ in neither/s)]);
});

test('46 finds records that no full read returns', async () => {
  const habits = {
    // A state at once, so that each of the killed programs has one.
    begin: '(next === 0 ? (state(0), 0) : 0) + next',
    beforePage: `if (process.argv.includes('--state')) print({ type: 'RECORD', stream: 'generated', record: { id: 99 } });`,
    pause: '300',
  };
  expect(await programFindings(46, habits)).toEqual([
    expect.stringContaining("records of 'generated' that a full read gives"),
  ]);
});

test('46 finds a program that cannot start after it was killed', async () => {
  const habits = {
    beforePage: `if (from === 0) {
      const { existsSync, writeFileSync, rmSync } = await import('node:fs');
      const lock = process.argv[1] + '.lock';
      if (existsSync(lock)) { console.error('another run is at work'); process.exit(1); }
      writeFileSync(lock, '');
      process.on('exit', () => rmSync(lock));
    }`,
    pause: '300',
  };
  expect(await programFindings(46, habits)).toEqual([expect.stringContaining('another run is at work')]);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    'half a line at SIGTERM',
    { onSignal: `process.stdout.write('{"type":"REC', () => process.exit(143));` },
    'expected: whole lines on stdout',
  ],
  ['another exit code at SIGTERM', { exit: 'isStopped ? 1 : 0' }, 'expected: exit code 143 after SIGTERM\n  found: 1'],
  [
    'a state at SIGTERM that says everything is done',
    { onSignal: 'isStopped = true; state(40);' },
    'in neither, such as',
  ],
  ['a text at SIGTERM', { onSignal: `isStopped = true; console.log('goodbye');` }, 'is not JSON: "goodbye"'],
])('47 finds %s', async (_name, habits, found) => {
  expect(await programFindings(47, { pause: '200', ...habits })).toEqual([expect.stringContaining(found)]);
});

test.runIf(process.platform === 'linux')(
  '49 finds a program that gathers everything before it prints',
  async () => {
    await using file = await programFile(`
    const rows = [];
    setInterval(() => rows.push(Buffer.alloc(8 << 20, 'x')), 10);`);
    const found = await sourceFindings(() => ({}), {
      connector: () => handWrittenSource({ endless }),
      config: {},
      program: file.program,
      only: 49,
    });
    expect(found).toEqual([
      expect.stringMatching(/^49 .*expected: at most 384 MB of memory while nobody reads stdout/s),
    ]);
  },
  30_000,
);

test('51 stops the program of an endless stream after enough, and finds what is not a message in it', async () => {
  const connector = () => handWrittenSource({ endless });
  const discovered = JSON.stringify(await connector().discover({}));
  const program = (line: string) => `
    const lines = ${JSON.stringify(line)}.repeat(100);
    const print = () => process.stdout.write(lines, print);
    if (process.argv.includes('--discover')) process.stdout.write(${JSON.stringify(discovered)});
    else print();`;
  const record = `${JSON.stringify({ type: 'RECORD', stream: 'endless', record: {} })}\n`;
  await using good = await programFile(program(record));
  await using bad = await programFile(program(`${record}row\n`));
  const options = { connector, config: {}, only: 51 };
  expect(await sourceFindings(() => ({}), { ...options, program: good.program })).toEqual([]);
  expect(await sourceFindings(() => ({}), { ...options, program: bad.program })).toEqual([
    expect.stringContaining('line 2 is not JSON: "row"'),
  ]);
});

test('48 pipes into the target, and reports how it failed', async () => {
  const rows = [...countedRows(1, 5)];
  const options = { connector: () => handWrittenSource({ numbers: table({ rows }) }), config: {}, only: 48 };
  await using counting = await programFile(`
    let text = '';
    for await (const chunk of process.stdin) text += chunk;
    const records = text.split('\\n').filter((line) => line.includes('"RECORD"')).length;
    if (records !== 5) { console.error(records + ' records'); process.exit(1); }`);
  await using failing = await programFile(`console.error('ValidationError: 7 is not a string'); process.exit(1);`);
  const command = (program: string) => `"${process.execPath}" "${program}"`;
  expect(await sourceFindings(() => ({}), { ...options, singerTarget: command(counting.program) })).toEqual([]);
  expect(await sourceFindings(() => ({}), { ...options, singerTarget: command(failing.program) })).toEqual([
    expect.stringContaining('found: 1; stderr ends with "ValidationError: 7 is not a string"'),
  ]);
});
