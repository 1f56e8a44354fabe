import { isC8Connector } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import { connectorNames } from '../connector-names.ts';
import type { ConnectorContext } from '../context.ts';

const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const logoBytes = 100_000;

/** 1 */
export const identity: Check<ConnectorContext> = {
  number: 1,
  title: 'name, packageName, version and type are valid',
  where: 'name and package of the definition, and name and version in package.json',
  async run({ connector }) {
    const { name, packageName, version, type } = connector;
    if (typeof name !== 'string' || name.trim() === '')
      throw new Finding('name: a text for people', `name: ${shown(name)}`);
    const kind = connectorNames(packageName)?.type;
    if (kind === undefined)
      throw new Finding(
        'packageName: c8-source-…, c8-target-… or c8-integration-…',
        `packageName: ${shown(packageName)}`,
      );
    if (kind !== type) throw new Finding(`type: '${kind}', as packageName ${packageName} says`, `type: ${shown(type)}`);
    if (!semver.test(version))
      throw new Finding('version: a semantic version such as 1.2.3', `version: ${shown(version)}`);
    if (!isC8Connector(connector)) {
      throw new Finding(
        `all members of the interface of a ${type}, of the right kind`,
        `only ${memberNames(connector).join(', ')}`,
      );
    }
  },
};

/** 2 */
export const appearance: Check<ConnectorContext> = {
  number: 2,
  title: 'the description is not empty, and the logo is empty or a data URI of a valid image',
  where: 'description and logo of the definition',
  async run({ connector: { description, logo } }) {
    if (typeof description !== 'string' || description.trim() === '') {
      throw new Finding('description: a sentence for people', `description: ${shown(description)}`);
    }
    if (logo === '') return;
    const [, type, base64, data] = /^data:(image\/[a-z0-9.+-]+)(?:;[a-z0-9=-]+)*?(;base64)?,(.*)$/is.exec(logo) ?? [];
    if (type === undefined || data === undefined)
      throw new Finding("logo: '' or data:image/…", `logo: ${shown(logo.slice(0, 40))}`);
    const image = decode(data, base64 !== undefined);
    if (image === undefined || image.length === 0)
      throw new Finding('a logo that decodes', `${type} whose data does not`);
    if (image.length > logoBytes) throw new Finding(`a logo of at most ${logoBytes} bytes`, `${image.length} bytes`);
  },
};

function decode(data: string, isBase64: boolean): Buffer | undefined {
  try {
    const text = decodeURIComponent(data);
    if (!isBase64) return Buffer.from(text);
    return /^[A-Za-z0-9+/\s]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  } catch {
    return undefined;
  }
}

function memberNames(connector: object): string[] {
  const own = Object.keys(connector);
  const inherited: string[] = [];
  for (
    let next: object | null = Object.getPrototypeOf(connector);
    next !== null && next !== Object.prototype;
    next = Object.getPrototypeOf(next)
  ) {
    inherited.push(...Object.getOwnPropertyNames(next).filter((name) => name !== 'constructor'));
  }
  return [...new Set([...own, ...inherited])];
}
