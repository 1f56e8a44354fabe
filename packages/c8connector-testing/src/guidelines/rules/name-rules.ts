import type { Rule } from '../guideline.ts';

const manifestFile = 'package.json';

const packageJson: Rule = {
  id: 'package-json',
  title: 'package.json is a JSON object',
  why: 'It has the name, the type and the dependencies of the connector.',
  breaches({ manifestProblem }) {
    if (manifestProblem === undefined) return [];
    return [{ file: manifestFile, message: manifestProblem, fix: 'Correct the file.' }];
  },
};

const packageName: Rule = {
  id: 'package-name',
  title: 'The package is named c8-source-…, c8-target-… or c8-integration-…, scoped or not',
  why: 'Hosts find connectors by the names of installed packages, and read the type from them.',
  breaches({ manifest, manifestProblem, names }) {
    if (names !== undefined || manifestProblem !== undefined) return [];
    const { name } = manifest;
    const message =
      name === undefined ? 'it has no name' : `the name ${JSON.stringify(name)} is not that of a connector`;
    const fix = 'Name it c8-{source|target|integration}-{name}: small letters, digits, dots, dashes.';
    return [{ file: manifestFile, message, fix }];
  },
};

const moduleFolder: Rule = {
  id: 'module-folder',
  title: 'The sources are in a folder named like the package, with underscores: c8_source_…',
  why: 'Sources are in the same place in every connector, and the folder has the name of the module in the Python original.',
  breaches({ names, moduleFolder: found, files }) {
    const wanted = names?.moduleFolder;
    if (wanted === undefined || found === wanted) return [];
    const others = new Set(files.map((file) => /^(c8_[^/]*)\//.exec(file)?.[1]).filter((name) => name !== undefined));
    const message = others.size === 0 ? 'there is no such folder' : `the sources are in ${[...others].join(', ')}/`;
    const fix =
      others.size === 1
        ? `Rename the folder to ${wanted}, also in tsconfig.json.`
        : `Put index.ts and main.ts into ${wanted}/.`;
    return [{ file: `${wanted}/`, message, fix }];
  },
};

/** Rules for names. */
export const nameRules: readonly Rule[] = [packageJson, packageName, moduleFolder];
