import { type ConfigProperty, hasDefault, isSecretProperty } from 'c8connector';
import { type Check, Finding } from '../check.ts';
import type { ConnectorContext } from '../context.ts';
import { snakeCase } from './snake-case.ts';

const where = 'config of the definition: type password, or isSecret: true';

/** 8 */
export const namedSecrets: Check<ConnectorContext> = {
  number: 8,
  title: 'a property with the name of a secret is a password, or isSecret',
  where,
  async run({ connector: { config } }) {
    for (const property of config) {
      const named = openSecretName(property);
      if (named !== undefined)
        throw new Finding(
          `property '${property.name}' of type password or with isSecret: true, since it is called '${named}'`,
          `type ${property.type}, not secret`,
        );
    }
  },
};

/** The name or the label for which a property should be declared as a secret; undefined when it is, or need not be. */
export function openSecretName(property: ConfigProperty): string | undefined {
  if (isSecretProperty(property) || !canHoldSecret(property)) return undefined;
  const { name, displayName } = property;
  if (isSecretName(name)) return name;
  return isSecretLabel(displayName) ? displayName : undefined;
}

/** 9 */
export const secretDefaults: Check<ConnectorContext> = {
  number: 9,
  title: 'no secret has a default',
  where,
  async run({ connector: { config } }) {
    const given = config.find(
      (property) =>
        hasDefault(property) &&
        (isSecretProperty(property) || (canHoldSecret(property) && isSecretName(property.name))),
    );
    if (given !== undefined)
      throw new Finding(`property '${given.name}' without a default: it would be everybody's secret`, 'a default');
  },
};

/** A switch, a number, a date or a choice may refer to a secret, but is not one. */
function canHoldSecret({ type }: ConfigProperty): boolean {
  return !['boolean', 'integer', 'date_iso8601', 'options', 'email'].includes(type);
}

/** Words after the name of a secret in properties that only refer to one, such as `token_url`. */
const aboutSecrets =
  /(?:ur[li]|endpoint|host|path|id|name|type|kind|method|expiry|expires|ttl|field|header|prefix|suffix|length|policy|hint|column|parameter|param)s?$/;
const words =
  /passw(?:or)?d|passphrase|(?:^|_)(?:pwd|pw|pass)(?:_|$)|secret|credential|tokens?(?:_|$)|bearer|(?:api|access|private|client|encryption|signing|shared|account|master|service|license)_?keys?(?:_|$)/;

function isSecretName(name: string): boolean {
  const plain = snakeCase(name);
  return words.test(plain) && !aboutSecrets.test(plain);
}

/** Whether the whole label is the name of a secret, and not a sentence that contains the word. */
function isSecretLabel(label: unknown): boolean {
  return (
    typeof label === 'string' &&
    /(?:^|\s)(?:password|passphrase|secret|(?:api|access|private|secret) key|(?:access|api|bearer|auth|bot) token)$/i.test(
      label.trim(),
    )
  );
}
