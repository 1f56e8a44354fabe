import { type ConfigProperty, configPropertyTypes, hasDefault, parseConfig } from 'c8connector';
import { type Check, errorText, Finding, shown } from '../check.ts';
import type { ConnectorContext } from '../context.ts';

const where = 'config of the definition';

/** 3 */
export const uniqueKeys: Check<ConnectorContext> = {
  number: 3,
  title: 'config keys are unique',
  where,
  async run({ connector: { config } }) {
    const names = config.map(({ name }) => name);
    if (names.some((name) => typeof name !== 'string' || name === ''))
      throw new Finding('each property with a name', shown(names));
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Finding('each key once', `'${twice}' twice`);
  },
};

/** 4 */
export const readableProperties: Check<ConnectorContext> = {
  number: 4,
  title: 'every visible property has a label and a description',
  where,
  async run({ connector: { config } }) {
    for (const { name, type, displayName, description } of config) {
      if (type === 'hidden') continue;
      if (!isText(displayName)) throw new Finding(`property '${name}' with a displayName`, shown(displayName));
      if (!isText(description)) throw new Finding(`property '${name}' with a description`, shown(description));
    }
  },
};

/** 5 */
export const knownTypes: Check<ConnectorContext> = {
  number: 5,
  title: 'the type of each property is one of the twelve',
  where,
  async run({ connector: { config } }) {
    const wrong = config.find(({ type }) => !configPropertyTypes.includes(type));
    if (wrong !== undefined)
      throw new Finding(`property '${wrong.name}' of type ${configPropertyTypes.join(', ')}`, shown(wrong.type));
  },
};

/** 6 */
export const sensibleOptions: Check<ConnectorContext> = {
  number: 6,
  title: 'an options property has at least one option, all distinct, the default among them',
  where,
  async run({ connector: { config } }) {
    for (const property of config) {
      const { name, type, options, defaultValue } = property;
      if (type !== 'options') continue;
      if (!Array.isArray(options) || options.length === 0)
        throw new Finding(`property '${name}' with options`, shown(options));
      const twice = options.find((option, index) => options.indexOf(option) !== index);
      if (twice !== undefined) throw new Finding(`property '${name}' with each option once`, `${shown(twice)} twice`);
      if (hasDefault(property) && !options.includes(defaultValue)) {
        throw new Finding(`property '${name}' with a default out of ${options.join(', ')}`, shown(defaultValue));
      }
    }
  },
};

/** 7 */
export const validDefaults: Check<ConnectorContext> = {
  number: 7,
  title: 'every default passes the validation of its own property',
  where,
  async run({ connector: { config } }) {
    for (const property of config) {
      const { name, defaultValue, when: _, ...rest } = property;
      if (!hasDefault(property)) continue;
      const wanted = jsonType(property);
      const kind = Array.isArray(defaultValue) ? 'array' : typeof defaultValue;
      if (kind !== wanted)
        throw new Finding(`the default of '${name}' as ${wanted}`, `${shown(defaultValue)}, which is ${kind}`);
      try {
        parseConfig([{ ...rest, name, defaultValue: '' }], { [name]: defaultValue });
      } catch (error) {
        throw new Finding(`a default of '${name}' that is valid`, errorText(error), { cause: error });
      }
    }
  },
};

function jsonType({ type }: ConfigProperty): string {
  if (type === 'integer') return 'number';
  return type === 'boolean' || type === 'array' || type === 'object' ? type : 'string';
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
