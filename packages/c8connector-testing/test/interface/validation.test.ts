import { ValidationError, type ValidationReport, type ValidationStep } from 'c8connector';
import { expect, test } from 'vitest';
import { sourceFindings } from '../findings.ts';

const step: ValidationStep = { id: 'login', label: 'Log in', status: 'passed', message: 'fine', durationMs: 1 };

test.each<[string, Partial<ValidationStep>, string]>([
  ['a step without a message', { message: '' }, "expected: step 'login' with a message"],
  ['an id that is not in snake case', { id: 'Log In' }, 'found: "Log In"'],
  ['a failed step in a report that is resolved', { status: 'failed' }, "found: 'login' failed: fine"],
  ['an unknown status', { status: 'ok' as never }, "expected: step 'login': passed, warning or failed"],
  ['a step without a duration', { durationMs: Number.NaN }, "expected: step 'login' with its durationMs"],
])('19 finds %s', async (_name, change, found) => {
  const findings = await sourceFindings((honest) => ({
    async validate(config, options) {
      const report = await honest.validate(config);
      const steps = [{ ...step, ...change }];
      for (const each of steps) options?.onStep?.(each);
      return { ...report, steps };
    },
  }));
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^19 validate accepts a good config/);
});

test('19 finds that a good config is refused', async () => {
  const findings = await sourceFindings((honest) => ({
    validate: (config) => honest.validate({ ...(config as object), rows: -1 }),
  }));
  expect(findings[0]).toMatch(/^19 .*found: it rejected with ValidationError config_invalid/s);
});

test('19 finds steps that are not reported one by one', async () => {
  expect(await sourceFindings((honest) => ({ validate: (config) => honest.validate(config) }))).toEqual([
    expect.stringMatching(
      /^19 .*expected: onStep called with the steps of the report, in their order\n {2}found: \[\]/s,
    ),
  ]);
});

test('20 and nothing else finds that a wrong password is accepted', async () => {
  const findings = await sourceFindings((honest) => ({
    validate: (config, options) =>
      honest.validate(
        'password' in (config as object) ? { ...(config as object), password: 'open sesame' } : config,
        options,
      ),
  }));
  expect(findings).toEqual([
    expect.stringMatching(/^20 .*expected: validate rejects a wrong 'password'\n {2}found: it resolved with/s),
  ]);
});

test('20 finds a rejection that is not a ValidationError', async () => {
  const findings = await sourceFindings((honest) => ({
    async validate(config, options) {
      try {
        return await honest.validate(config, options);
      } catch (error) {
        throw new Error((error as Error).message);
      }
    },
  }));
  expect(findings[0]).toMatch(/^20 .*found: it rejected with Error: c8-source-memory: Log in: the password is wrong/s);
});

test('20 changes the property that wrongPassword names', async () => {
  expect(await sourceFindings(() => ({}), { wrongPassword: { rows: 3 }, only: 20 })).toEqual([
    expect.stringContaining('expected: validate rejects a config with another rows'),
  ]);
});

test('22 and nothing else finds that not all missing properties are named', async () => {
  const report: ValidationReport = {
    ok: false,
    steps: [{ ...step, status: 'failed', message: 'something is missing' }],
  };
  const findings = await sourceFindings((honest) => ({
    async validate(config, options) {
      if (Object.keys(config as object).length > 0) return await honest.validate(config, options);
      throw new ValidationError('something is missing', { code: 'config_invalid', report });
    },
  }));
  expect(findings).toEqual([
    expect.stringMatching(
      /^22 .*expected: problems with password\n {2}found: nothing about password: something is missing/s,
    ),
  ]);
});
