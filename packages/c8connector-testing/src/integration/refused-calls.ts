import type { ConfigProperty } from 'c8connector';
import { type ConfigError, hasDefault, isC8Error } from 'c8connector';
import { type Check, errorText, Finding, shown } from '../check.ts';
import { spoiled } from '../interface/validation.ts';
import { callOutcome, type IntegrationContext } from './integration-context.ts';

/** 77 */
export const unknownAction: Check<IntegrationContext> = {
  number: 77,
  title: 'an unknown action is rejected with action_unknown before anything is sent',
  where: 'call: findAction of the core does it',
  async run(context) {
    await refusedUnsent(context, 'noSuchAction', {}, 'action_unknown');
  },
};

/** 78 */
export const badInputs: Check<IntegrationContext> = {
  number: 78,
  title:
    'an invalid input is rejected with input_invalid, which names all invalid properties at once, before anything is sent',
  where: 'call: what parses the input; defineIntegration does it',
  async run(context) {
    for (const { name, input } of context.connector.actions) {
      await refusedUnsent(context, name, 'no object', 'input_invalid');
      const missing = input.filter((property) => property.isMandatory && !hasDefault(property));
      await refusedWithAll(context, name, {}, missing);
      await refusedWithAll(
        context,
        name,
        Object.fromEntries(input.map((each) => [each.name, wrongValue(each)])),
        input,
      );
    }
  },
};

/** 80 */
export const wrongSecrets: Check<IntegrationContext> = {
  number: 80,
  title: 'a call with a wrong secret fails with a named error',
  where:
    'what translates the errors of the service; and what is kept of an earlier login, such as a token: keep it by the secret that it was got with',
  async run(context) {
    const { connector, goodCalls } = context;
    for (const { name, config } of spoiled(context, await context.config())) {
      for (const { action, input } of goodCalls()) {
        const outcome = await callOutcome(() => connector.call(action.name, config, input));
        const what = `action '${action.name}' with ${name}: an error of the project`;
        if ('output' in outcome)
          throw new Finding(
            what,
            'it was accepted: the secret was not sent, or what an earlier call had got with the right one',
          );
        const { error } = outcome;
        if (!isC8Error(error) || error.code === 'outcome_unknown' || error.name === 'ConnectorError')
          throw new Finding(`${what} that says who must act`, errorText(error), { cause: error });
      }
    }
  },
};

/** The properties that are wrong, whatever the values of the others are. */
async function refusedWithAll(
  context: IntegrationContext,
  action: string,
  input: object,
  properties: readonly ConfigProperty[],
): Promise<void> {
  const names = properties.filter(({ when }) => when === undefined).map(({ name }) => name);
  if (names.length === 0) return;
  const { problems } = (await refusedUnsent(context, action, input, 'input_invalid')) as ConfigError;
  const named = (problems ?? []).map(({ property }) => property.replace(/\[\d+\]$/, ''));
  const unnamed = names.filter((name) => !named.includes(name));
  if (unnamed.length > 0)
    throw new Finding(`action '${action}': problems with ${names.join(', ')}`, `nothing about ${unnamed.join(', ')}`);
}

async function refusedUnsent(
  { connector, config, callsMade, log }: IntegrationContext,
  action: string,
  input: unknown,
  code: string,
): Promise<unknown> {
  const raw = await config();
  const before = await callsMade();
  const outcome = await callOutcome(() => connector.call(action, raw, input, { log }));
  const sent = ((await callsMade()) ?? 0) - (before ?? 0);
  const what = `action '${action}' with ${shown(input)}`;
  if (sent !== 0) throw new Finding(`${what}: nothing sent`, `${sent} calls`);
  if ('output' in outcome) throw new Finding(`${what}: an error ${code}`, 'it was accepted');
  const { error } = outcome;
  if (!isC8Error(error) || error.code !== code)
    throw new Finding(`${what}: an error ${code}`, errorText(error), { cause: error });
  return error;
}

/** A value that no property of this type accepts. */
function wrongValue({ type }: ConfigProperty): unknown {
  return type === 'object' ? true : { not: 'what it takes' };
}
