import { type Check, Finding, shown } from '../check.ts';
import type { ConnectorContext } from '../context.ts';

/** 11 */
export const groups: Check<ConnectorContext> = {
  number: 11,
  title: 'each group has a name, spelled in one way, and its properties are together',
  where: 'group of the properties, and their order',
  async run({ connector: { config } }) {
    const spellings = new Map<string, string>();
    const ended = new Set<string>();
    let current: string | undefined;
    for (const { name, type, group } of config) {
      if (group !== undefined && (typeof group !== 'string' || group.trim() === '' || group !== group.trim()))
        throw new Finding(`property '${name}' with the name of its group, or without one`, shown(group));
      // A form does not show it.
      if (type === 'hidden') continue;
      if (group !== undefined) checkSpelling(group, spellings);
      if (group === current) continue;
      if (current !== undefined) ended.add(current);
      current = group;
      if (group !== undefined && ended.has(group))
        throw new Finding(`the properties of group '${group}' together`, `'${name}' stands apart from the others`);
    }
  },
};

function checkSpelling(group: string, spellings: Map<string, string>): void {
  const plain = group.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  const known = spellings.get(plain);
  if (known !== undefined && known !== group) throw new Finding(`one spelling of group '${known}'`, `also '${group}'`);
  spellings.set(plain, group);
}
