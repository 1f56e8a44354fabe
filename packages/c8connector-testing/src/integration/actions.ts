import { type Check, errorText, Finding, shown } from '../check.ts';
import { compileSchema } from '../values/record-validator.ts';
import type { IntegrationContext } from './integration-context.ts';

const where = 'actions of the definition';

/** 26 */
export const actions: Check<IntegrationContext> = {
  number: 26,
  title: 'there is at least one action, and their names are unique words',
  where,
  async run({ connector }) {
    const names = connector.actions.map(({ name }) => name);
    if (names.length === 0) throw new Finding('at least one action', shown(names));
    const odd = names.find((name) => typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_]*$/.test(name));
    if (odd !== undefined) throw new Finding('names of letters, digits and _, such as postMessage', shown(odd));
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Finding('each name once', `'${twice}' twice`);
  },
};

/** 27 */
export const validOutputSchemas: Check<IntegrationContext> = {
  number: 27,
  title: 'the output of each action is a valid JSON Schema, with all references resolved',
  where: 'output of the actions',
  async run({ connector, metaSchemas }) {
    for (const { name, output } of connector.actions) {
      if (typeof output !== 'object' || output === null || Array.isArray(output))
        throw new Finding(`action '${name}': an output schema`, shown(output));
      const problem = metaSchemas.draft7(output);
      if (problem !== undefined) throw new Finding(`action '${name}': a valid JSON Schema of its output`, problem);
      try {
        compileSchema(output);
      } catch (error) {
        throw new Finding(`action '${name}': an output schema that resolves`, errorText(error), { cause: error });
      }
    }
  },
};

/** 73 */
export const describedActions: Check<IntegrationContext> = {
  number: 73,
  title: 'every action has a description',
  where,
  async run({ connector }) {
    for (const { name, description } of connector.actions) {
      if (typeof description !== 'string' || description.trim() === '' || description === name)
        throw new Finding(`action '${name}' with a sentence for people`, shown(description));
    }
  },
};
