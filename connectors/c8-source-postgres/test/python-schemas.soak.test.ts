import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exactSchema, stringifyValue } from 'c8connector';
import { startPostgres } from 'test-services';
import { expect, test } from 'vitest';
import { extremeTypesSql } from './extreme-types.ts';
import { configOf, connectTo, discoverAll, readLines } from './harness.ts';

const run = promisify(execFile);

/**
 * Validates as Singer targets in Python do: numbers as Decimal, with enough precision for multipleOf with large numbers, and formats checked. Each line of the file has a schema and its
 * records.
 */
const program = `
import json, sys
from decimal import Decimal, getcontext
from jsonschema import Draft7Validator, Draft202012Validator
getcontext().prec = 3000
count = 0
for line in open(sys.argv[1], encoding='utf-8'):
    stream = json.loads(line, parse_float=Decimal)
    for draft in (Draft7Validator, Draft202012Validator):
        draft.check_schema(stream['schema'])
        validator = draft(stream['schema'], format_checker=draft.FORMAT_CHECKER)
        for record in stream['records']:
            errors = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(record)]
            assert not errors, errors
            count += 1
for name in ('time', 'date', 'date-time', 'uuid'):
    assert name in Draft202012Validator.FORMAT_CHECKER.checkers, f'no check of the format {name}'
print(count)
`;

/** A Python environment in the folder, with jsonschema and its format checks; a text with the reason if it cannot be created. */
async function pythonIn(folder: string): Promise<{ readonly python: string } | string> {
  try {
    await run('python3', ['-m', 'venv', join(folder, 'venv')]);
    const python = join(folder, 'venv', 'bin', 'python');
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'jsonschema[format]']);
    return { python };
  } catch (error) {
    return `no python3 with jsonschema: ${(error as Error).message.split('\n')[0]}`;
  }
}

const policies = [{}, { arrays: 'json' }, { out_of_range_dates: 'null', special_numbers: 'text' }];

test("every schema is valid for Python's jsonschema, and every record is valid against it", {
  timeout: 300_000,
}, async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'python-'));
  try {
    const found = await pythonIn(folder);
    if (typeof found === 'string') {
      console.log(`skipped: ${found}`);
      context.skip(found);
      return;
    }
    await using server = await startPostgres();
    await using client = await connectTo(server);
    await client.query(extremeTypesSql);
    const lines: string[] = [];
    for (const policy of policies) {
      const config = configOf(server, policy);
      for (const stream of await discoverAll(config)) {
        const records = await readLines(config, stream.id);
        lines.push(`{"schema":${stringifyValue(exactSchema(stream.schema))},"records":[${records.join(',')}]}\n`);
      }
    }
    await writeFile(join(folder, 'streams.jsonl'), lines.join(''));
    const { stdout } = await run(found.python, ['-c', program, join(folder, 'streams.jsonl')]);
    expect(Number(stdout)).toBeGreaterThan(100);
  } finally {
    await rm(folder, { recursive: true });
  }
});
