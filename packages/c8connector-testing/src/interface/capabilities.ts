import type { Capability, ConnectorType } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import type { ConnectorContext } from '../context.ts';

/** The types of connector that may have each capability. */
const owners: Readonly<Record<Capability, readonly ConnectorType[]>> = {
  about: ['source', 'target', 'integration'],
  catalog: ['source'],
  discover: ['source'],
  state: ['source'],
  'log-based': ['source'],
  recover: ['target'],
};

/** Capabilities that every connector of a type has, because its interface requires them. */
const owned: Readonly<Record<ConnectorType, readonly Capability[]>> = {
  source: ['discover', 'catalog'],
  target: [],
  integration: [],
};

/** 13 */
export const honestCapabilities: Check<ConnectorContext> = {
  number: 13,
  title: 'capabilities are known, unique, and match the methods of the connector',
  where: 'capabilities; define… derives them from the definition',
  async run({ connector }) {
    const { type, capabilities } = connector;
    const unknown = capabilities.find((capability) => !Object.hasOwn(owners, capability));
    if (unknown !== undefined)
      throw new Finding(`capabilities out of ${Object.keys(owners).join(', ')}`, shown(unknown));
    const twice = capabilities.find((capability, index) => capabilities.indexOf(capability) !== index);
    if (twice !== undefined) throw new Finding('each capability once', `'${twice}' twice`);
    const alien = capabilities.find((capability) => !owners[capability].includes(type));
    if (alien !== undefined)
      throw new Finding(`capabilities of a ${type}`, `'${alien}', which is for a ${owners[alien].join(' or ')}`);
    const missing = owned[type].find((capability) => !capabilities.includes(capability));
    if (missing !== undefined) throw new Finding(`'${missing}', as every ${type} has it`, shown(capabilities));
    if (type !== 'target') return;
    const hasMethod = 'recover' in connector && typeof connector.recover === 'function';
    if (hasMethod === capabilities.includes('recover')) return;
    if (hasMethod) throw new Finding("'recover', since there is a method recover", shown(capabilities));
    throw new Finding("a method recover, since 'recover' is a capability", 'none');
  },
};
