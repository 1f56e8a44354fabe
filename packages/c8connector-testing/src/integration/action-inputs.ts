import { isDeepStrictEqual } from 'node:util';
import { inputSchema, parseConfig } from 'c8connector';
import { type Check, errorText, Finding, shown } from '../check.ts';
import { conditions } from '../interface/conditions.ts';
import { configKeywords } from '../interface/config-keywords.ts';
import { knownTypes, readableProperties, sensibleOptions, uniqueKeys, validDefaults } from '../interface/properties.ts';
import type { IntegrationContext } from './integration-context.ts';

const where = 'input and example of the actions';

/** 74 */
export const inputProperties: Check<IntegrationContext> = {
  number: 74,
  title: 'the input of every action is declared like a config: unique keys, labels, kinds, options and defaults',
  where,
  async run(context) {
    for (const { name, input } of context.connector.actions) {
      const asConfig = { ...context, connector: { ...context.connector, config: input } };
      for (const rule of [
        uniqueKeys,
        readableProperties,
        knownTypes,
        sensibleOptions,
        validDefaults,
        conditions,
        configKeywords,
      ]) {
        try {
          await rule.run(asConfig);
        } catch (error) {
          if (!(error instanceof Finding)) throw error;
          throw new Finding(`action '${name}': ${error.expected}`, error.found, { cause: error.cause });
        }
      }
    }
  },
};

/** 75 */
export const examples: Check<IntegrationContext> = {
  number: 75,
  title: 'the example of every action is complete and a valid input',
  where,
  async run({ connector }) {
    for (const { name, input, example } of connector.actions) {
      try {
        const [warning] = parseConfig(input, example).warnings;
        if (warning !== undefined) throw new Finding(`action '${name}': an example of its input`, warning.message);
      } catch (error) {
        if (error instanceof Finding) throw error;
        throw new Finding(`action '${name}': an example that is a good input`, errorText(error), { cause: error });
      }
    }
  },
};

/** 76 */
export const listedInputs: Check<IntegrationContext> = {
  number: 76,
  title: 'schemas lists the input of each action, and samples gives its example',
  where: 'schemas and samples; defineIntegration makes both from the actions',
  async run({ connector, config, log }) {
    const wanted = connector.actions.map(inputSchema);
    const schemas = await connector.schemas(await config(), { log });
    if (!isDeepStrictEqual(schemas, wanted))
      throw new Finding(`schemas: ${shown(wanted)}, one an action, in their order`, shown(schemas));
    const samples = await connector.samples(await config(), { log });
    const schemasOfSamples = samples.map(({ schema }) => schema);
    if (!isDeepStrictEqual(schemasOfSamples, wanted))
      throw new Finding('samples with the schemas of schemas', shown(schemasOfSamples));
    for (const [index, { name, example }] of connector.actions.entries()) {
      const data = samples[index]?.data;
      if (!isDeepStrictEqual(data, [example])) throw new Finding(`the sample of '${name}': its example`, shown(data));
    }
  },
};
