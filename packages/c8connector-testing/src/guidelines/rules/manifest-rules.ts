import semver from 'semver';
import { isObject, objectOf } from '../../values/json.ts';
import type { ConnectorPackage } from '../connector-package.ts';
import type { Breach, Rule } from '../guideline.ts';

/** The oldest Node that connectors run on. */
const oldestNode = '20.19.0';

const version: Rule = {
  id: 'version',
  title: 'The version is a semantic version',
  why: 'It shows users whether an update may break something, and this check whether the config may change.',
  breaches: (connector) =>
    judged(connector, ({ manifest }) => {
      if (typeof manifest.version === 'string' && semver.valid(manifest.version) === manifest.version) return undefined;
      return { message: `version is ${shown(manifest.version)}`, fix: 'Write it like 1.2.3.' };
    }),
};

const description: Rule = {
  id: 'description',
  title: 'package.json has a description and a license',
  why: 'Registries show both, and without a license the package may not be used.',
  breaches(connector) {
    return ['description', 'license'].flatMap((key) =>
      judged(connector, ({ manifest }) => {
        const value = manifest[key];
        if (typeof value === 'string' && value.trim() !== '') return undefined;
        return { message: `${key} is ${shown(value)}`, fix: `Set ${key}.` };
      }),
    );
  },
};

const modules: Rule = {
  id: 'esm',
  title: 'The package is an ES module',
  why: 'The core is one too. A second copy of it in another format would not recognize its own errors.',
  breaches: (connector) =>
    judged(connector, ({ manifest }) => {
      if (manifest.type === 'module') return undefined;
      return { message: `type is ${shown(manifest.type)}`, fix: "Set type to 'module'." };
    }),
};

const exported: Rule = {
  id: 'exports',
  title: 'exports has "." with types first, and ./package.json',
  why: 'TypeScript uses the first condition that matches, and hosts read package.json of an installed connector.',
  breaches(connector) {
    const exports = objectOf(connector.manifest.exports);
    const main = judged(connector, () => {
      const problem = problemOfExport(exports['.']);
      const fix = 'Set exports["."] to { "types": "./dist/index.d.ts", "default": "./dist/index.js" }.';
      return problem === undefined ? undefined : { message: `exports["."] ${problem}`, fix };
    });
    const manifest = judged(connector, () => {
      if (exports['./package.json'] === './package.json') return undefined;
      return { message: 'exports has no ./package.json', fix: 'Add "./package.json": "./package.json" to exports.' };
    });
    return [...main, ...manifest];
  },
};

function problemOfExport(target: unknown): string | undefined {
  if (target === undefined) return 'is missing';
  if (!isObject(target)) return 'has no types';
  const [first, ...others] = Object.keys(target);
  if (first !== 'types') return others.includes('types') ? 'does not have types first' : 'has no types';
  if (others.includes('require')) return 'has require, which is for CommonJS';
  return others.includes('default') || others.includes('import') ? undefined : 'has no default';
}

const nodeVersion: Rule = {
  id: 'node-version',
  title: `engines.node requires Node ${oldestNode} or newer`,
  why: 'The core does not start on older versions. Package managers then warn before anything runs.',
  breaches: (connector) =>
    judged(connector, ({ manifest }) => {
      const range = objectOf(manifest.engines).node;
      const isRange = typeof range === 'string' && semver.validRange(range) !== null;
      const floor = isRange ? semver.minVersion(range) : null;
      if (floor !== null && semver.gte(floor, oldestNode)) return undefined;
      return { message: `engines.node is ${shown(range)}`, fix: "Set it to '>=20.19' or to newer ones." };
    }),
};

const publishedFiles: Rule = {
  id: 'published-files',
  title: 'files ships dist and GETTING_STARTED.md',
  why: 'Files that are not listed are missing after an install, although everything works in the workspace.',
  breaches(connector) {
    const { files } = connector.manifest;
    if (!Array.isArray(files)) {
      const fix = 'Set files to ["bin", "dist", "GETTING_STARTED.md"].';
      return judged(connector, () => ({ message: 'it has no files: everything would be published', fix }));
    }
    const shipped = files.map((entry) =>
      String(entry)
        .replace(/^\.?\//, '')
        .replace(/(?:\/\*{0,2}(?:\/\*)?)$/, ''),
    );
    return ['dist', 'GETTING_STARTED.md'].flatMap((wanted) =>
      shipped.includes(wanted) || shipped.includes('*')
        ? []
        : judged(connector, () => ({ message: `files has no ${wanted}`, fix: `Add ${wanted} to files.` })),
    );
  },
};

function judged(
  connector: ConnectorPackage,
  judge: (connector: ConnectorPackage) => Omit<Breach, 'file'> | undefined,
): Breach[] {
  const breach = connector.manifestProblem === undefined ? judge(connector) : undefined;
  return breach === undefined ? [] : [{ file: 'package.json', ...breach }];
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

/** Rules for package.json. */
export const manifestRules: readonly Rule[] = [version, description, modules, exported, nodeVersion, publishedFiles];
