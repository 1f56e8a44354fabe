import { randomBytes } from 'node:crypto';
import type { C8Connector } from 'c8connector';
import { isConcealed, isSecretProperty } from 'c8connector';
import { Finding, NotRunnable } from '../check.ts';
import { isGiven } from '../options.ts';
import { findSecret, printedForms } from './find-secret.ts';

/** Secrets by config property. */
export type Secrets = ReadonlyMap<string, string>;

/** A config with random secrets, which cannot occur elsewhere by chance. */
export interface Planted {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Secrets;
}

/**
 * The test's config with random secrets: once only in place of those that it has, and once in every secret property, since some may stop a connector before it uses the
 * others. Throws NotRunnable when there are none.
 */
export function plantSecrets(
  connector: C8Connector,
  good: Readonly<Record<string, unknown>>,
): readonly [Planted, ...Planted[]] {
  const given = connector.config
    .filter((property) => isConcealed(property) && isGiven(good[property.name]))
    .map(({ name }) => name);
  const others = connector.config
    .filter((property) => isSecretProperty(property) && !given.includes(property.name))
    .map(({ name }) => name);
  const [first, ...rest] = [given, others.length === 0 ? [] : [...given, ...others]].filter(
    (names) => names.length > 0,
  );
  if (first === undefined) throw new NotRunnable('the config has no secret property');
  return [plant(good, first), ...rest.map((names) => plant(good, names))];
}

function plant(good: Readonly<Record<string, unknown>>, names: readonly string[]): Planted {
  // Characters that need escaping in other forms are in the middle.
  const secrets = new Map(names.map((name) => [name, `${random()}"/+ &%${random()}`]));
  return { config: { ...good, ...Object.fromEntries(secrets) }, secrets };
}

/** The secrets of the test's config that are long enough and do not occur in public values, so that finding them means a leak. */
export function ownSecrets(connector: C8Connector, good: Readonly<Record<string, unknown>>): Secrets {
  const isSecret = (name: string) =>
    connector.config.some((property) => property.name === name && isSecretProperty(property));
  const open = Object.entries(good).filter(([name]) => !isSecret(name));
  const { name, packageName, description, config } = connector;
  const shownAnyway = printedForms([name, packageName, description, config, Object.fromEntries(open)]);
  const secrets = Object.entries(good).flatMap(([name, value]) =>
    isSecret(name) && typeof value === 'string' && value.length >= 8 && findSecret(shownAnyway, value) === undefined
      ? [[name, value] as const]
      : [],
  );
  return new Map(secrets);
}

/** Throws a Finding when a value contains one of the secrets. `place` names the value in the message; the secret is not shown. */
export function checkClean(place: string, value: unknown, secrets: Secrets): void {
  const text = printedForms(value);
  for (const [property, secret] of secrets) {
    const form = findSecret(text, secret);
    if (form !== undefined) throw new Finding(`no secret in ${place}`, `the value of '${property}', in ${form} form`);
  }
}

function random(): string {
  return randomBytes(12).toString('hex');
}
