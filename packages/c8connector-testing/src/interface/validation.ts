import { randomBytes } from 'node:crypto';
import type { C8Connector, ValidationReport, ValidationStep } from 'c8connector';
import { type ConfigError, hasDefault, isC8Error, isSecretProperty, type ValidationError } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable, shown } from '../check.ts';
import { type ConnectorContext, type Validation, validate } from '../context.ts';
import { isGiven } from '../options.ts';

const where = 'check of the definition, and its steps';

/** 19 */
export const goodConfig: Check<ConnectorContext> = {
  number: 19,
  title: 'validate accepts a good config and reports each step',
  where,
  async run({ validated }) {
    const { outcome, steps } = await validated();
    if ('error' in outcome)
      throw new Finding('a report', `it rejected with ${errorText(outcome.error)}`, { cause: outcome.error });
    const { report } = outcome;
    if (report.ok !== true) throw new Finding('ok: true', `ok: ${shown(report.ok)}`);
    checkSteps(report.steps);
    const failed = report.steps.find((step) => step.status === 'failed');
    if (failed !== undefined) throw new Finding('no failed step', `'${failed.id}' failed: ${failed.message}`);
    if (shown(steps.map(({ id }) => id)) !== shown(report.steps.map(({ id }) => id))) {
      throw new Finding('onStep called with the steps of the report, in their order', shown(steps.map(({ id }) => id)));
    }
  },
};

/** 20 */
export const wrongPassword: Check<ConnectorContext> = {
  number: 20,
  title: 'validate rejects a wrong password with a ValidationError whose report has the failed step and its reason',
  where: `${where}; and what is kept of an earlier login, such as a token: keep it by the secret that it was got with`,
  async run(context) {
    for (const { name, config } of spoiled(context, await context.config())) {
      failedReport(await validate(context.connector, config), name);
    }
  },
};

/** 22 */
export const missingProperties: Check<ConnectorContext> = {
  number: 22,
  title: 'validate names every missing mandatory property at once',
  where: 'what parses the config: parseConfig of the core does it',
  async run({ connector }) {
    const missing = mandatory(connector);
    if (missing.length === 0) throw new NotRunnable('no property is mandatory without a default');
    const { error, report } = failedReport(await validate(connector, {}), 'an empty config');
    const problems = isC8Error(error.cause) ? ((error.cause as ConfigError).problems ?? []) : [];
    const named = problems.map(({ property }) => property);
    const text = report.steps.map(({ message }) => message).join('\n');
    const unnamed = missing.filter((name) => !named.includes(name) && !text.includes(name));
    if (unnamed.length > 0)
      throw new Finding(`problems with ${missing.join(', ')}`, `nothing about ${unnamed.join(', ')}: ${error.message}`);
  },
};

/** The properties that every config must have. */
export function mandatory({ config }: C8Connector): string[] {
  return config
    .filter((property) => property.isMandatory && property.when === undefined && !hasDefault(property))
    .map(({ name }) => name);
}

/** Each way to spoil the secrets of a good config. Throws NotRunnable when there is none. */
export function spoiled(
  { connector, wrongPassword: given }: ConnectorContext,
  good: Readonly<Record<string, unknown>>,
): { readonly name: string; readonly config: object }[] {
  if (given !== undefined && typeof given === 'object' && !Array.isArray(given)) {
    return [{ name: `a config with another ${Object.keys(given).join(', ')}`, config: { ...good, ...given } }];
  }
  const names =
    given === undefined
      ? connector.config
          .filter((property) => isSecretProperty(property) && isGiven(good[property.name]))
          .map(({ name }) => name)
      : [given as string | readonly string[]].flat();
  if (names.length === 0) {
    throw new NotRunnable(
      "the config gives no secret property: name what refuses a login with wrongPassword: 'property' or { property: 'wrong value' }",
    );
  }
  return names.map((name) => ({
    name: `a wrong '${name}'`,
    config: { ...good, [name]: randomBytes(15).toString('hex') },
  }));
}

/** The report that an error of `validate` must carry. Throws a Finding when there is none. */
export function failedReport(
  { outcome }: Validation,
  what: string,
): { error: ValidationError; report: ValidationReport } {
  if ('report' in outcome)
    throw new Finding(
      `validate rejects ${what}`,
      `it resolved with ${shown(outcome.report.steps.map(({ id, status }) => `${id}: ${status}`))}`,
    );
  const { error } = outcome;
  if (!isC8Error(error) || error.name !== 'ValidationError') {
    throw new Finding(`validate rejects ${what} with a ValidationError`, `it rejected with ${errorText(error)}`, {
      cause: error,
    });
  }
  const { report } = error as ValidationError;
  if (report?.ok !== false)
    throw new Finding(`for ${what}, an error whose report has ok: false`, `report: ${shown(report)}`);
  checkSteps(report.steps);
  const failed = report.steps.filter(({ status }) => status === 'failed');
  if (failed.length === 0)
    throw new Finding(
      `for ${what}, a report with the failed step`,
      shown(report.steps.map(({ id, status }) => `${id}: ${status}`)),
    );
  return { error: error as ValidationError, report };
}

function checkSteps(steps: readonly ValidationStep[]): void {
  if (!Array.isArray(steps) || steps.length === 0) throw new Finding('a report with steps', shown(steps));
  for (const step of steps) {
    if (!/^[a-z][a-z0-9_]*$/.test(step.id)) throw new Finding('step ids in snake case', shown(step.id));
    if (!['passed', 'warning', 'failed'].includes(step.status))
      throw new Finding(`step '${step.id}': passed, warning or failed`, shown(step.status));
    for (const key of ['label', 'message'] as const) {
      if (typeof step[key] !== 'string' || step[key].trim() === '')
        throw new Finding(`step '${step.id}' with a ${key}`, shown(step[key]));
    }
    if (!(Number.isFinite(step.durationMs) && step.durationMs >= 0))
      throw new Finding(`step '${step.id}' with its durationMs`, shown(step.durationMs));
  }
  const twice = steps.find(({ id }, index) => steps.findIndex((step) => step.id === id) !== index);
  if (twice !== undefined) throw new Finding('each step id once', `'${twice.id}' twice`);
}
