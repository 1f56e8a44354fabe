import { hasDefault, isSecretProperty } from 'c8connector';
import { openSecretName } from '../../interface/secret-properties.ts';
import type { Rule } from '../guideline.ts';
import { aboutOf } from './module-rules.ts';

const configNames: Rule = {
  id: 'config-names',
  title: 'Properties of the config are named in snake_case',
  why: 'Those of the Python original are, and a config file moves from one to the other.',
  async breaches(connector) {
    const { config = [] } = (await aboutOf(connector)) ?? {};
    return config
      .filter(({ name }) => !/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name))
      .map(({ name }) => ({
        file: `${connector.moduleFolder}/`,
        message: `the property '${name}' is not in snake_case`,
        fix: 'Rename it: small letters and digits, words joined by underscores.',
      }));
  },
};

const secrets: Rule = {
  id: 'secrets',
  title: 'A property that is named like a secret is a secret, and no secret has a default',
  why: 'Only what is declared as a secret is masked in logs, reports and states; a default is known to everybody.',
  async breaches(connector) {
    const { config = [] } = (await aboutOf(connector)) ?? {};
    const file = `${connector.moduleFolder}/`;
    const open = config
      .filter((property) => openSecretName(property) !== undefined)
      .map(({ name }) => ({
        file,
        message: `the property '${name}' is named like a secret and would be shown`,
        fix: "Give it the type 'password', or isSecret: true.",
      }));
    const known = config
      .filter((property) => isSecretProperty(property) && hasDefault(property))
      .map(({ name }) => ({ file, message: `the secret '${name}' has a default`, fix: 'Remove the default.' }));
    return [...open, ...known];
  },
};

/** Rules for the config of a connector. */
export const configRules: readonly Rule[] = [configNames, secrets];
