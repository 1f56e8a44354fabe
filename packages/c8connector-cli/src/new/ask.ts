import { cancel, isCancel, outro, select, text } from '@clack/prompts';
import { type ConnectorType, visible } from 'c8connector';
import { nameProblem, splitName } from './names.ts';
import type { PartialRequest } from './request.ts';

/** Asks on the terminal for what is missing; `installed` are connectors that can be copied instead of a sample. Undefined when the user cancels. */
export async function ask(given: PartialRequest, installed: readonly string[]): Promise<PartialRequest | undefined> {
  const type = given.type ?? (given.like === undefined ? await askType() : undefined);
  if (isCancel(type)) return cancelled();
  const name = given.name ?? (await askName());
  if (isCancel(name)) return cancelled();
  const isCopyable = (each: string) => splitName(each.replace(/^@[^/]+\//, '')).type === type;
  const like = given.like ?? (await askOrigin(installed.filter(isCopyable)));
  if (isCancel(like)) return cancelled();
  outro('Making it');
  return { type, name: splitName(name).name, like: like === '' ? undefined : like };
}

function cancelled(): undefined {
  cancel('Nothing was made');
}

async function askType() {
  return await select<ConnectorType>({
    message: 'What shall it be?',
    options: [
      { value: 'source', label: 'Source', hint: 'reads rows' },
      { value: 'target', label: 'Target', hint: 'writes rows' },
      { value: 'integration', label: 'Integration', hint: 'does something, such as posting a message' },
    ],
  });
}

async function askName() {
  return await text({
    message: 'What is its name?',
    placeholder: 'acme',
    validate(name = '') {
      const problem = nameProblem(splitName(name).name);
      return problem === undefined ? undefined : `It ${problem}.`;
    },
  });
}

/** The connector to copy, '' for the sample. */
async function askOrigin(installed: readonly string[]) {
  if (installed.length === 0) return '';
  return await select<string>({
    message: 'What shall it begin as?',
    options: [
      { value: '', label: 'The sample', hint: 'the shortest one that is complete' },
      ...installed.map((value) => ({ value, label: `A copy of ${visible(value)}` })),
    ],
  });
}
