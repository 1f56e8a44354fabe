import semver from 'semver';
import { incompatibleChanges, mayBreak } from '../breaking-changes.ts';
import { withConfigTable } from '../config-table.ts';
import type { Breach, Rule } from '../guideline.ts';
import { parsedAbout } from '../parsed-about.ts';
import { aboutOf } from './module-rules.ts';

const renew = 'Renew it with: c8connector check --update';

const readmeConfig: Rule = {
  id: 'readme-config',
  title: 'The config in README.md, between <!-- config --> and <!-- /config -->, matches the code',
  why: 'Users write their configs from it.',
  async breaches(connector) {
    const about = await aboutOf(connector);
    const file = 'README.md';
    if (about === undefined || !connector.files.includes(file)) return [];
    const readme = await connector.text(file);
    if (readme.trim() === '') return [];
    const current = withConfigTable(readme, about.config);
    if (current === readme) return [];
    if (current !== undefined) return [{ file, message: 'its config is not that of the code', fix: renew }];
    const fix = 'Put these two lines where the config table belongs, and update it with: c8connector check --update';
    return [{ file, message: 'it lacks <!-- config --> and <!-- /config -->', fix }];
  },
};

const aboutFile: Rule = {
  id: 'about-file',
  title:
    'about.json, once there was a release, is what the connector said of itself when the version of package.json was released',
  why: 'Changes of the config are compared with it, since users have configs for the released version.',
  async breaches({ files, manifest, names, text }): Promise<readonly Breach[]> {
    const file = 'about.json';
    // Before the first release, no change can break anything.
    if (!files.includes(file)) return [];
    const released = parsedAbout(await text(file));
    if (released === undefined) {
      const fix = 'Restore it from the last release; of a connector that never had one, remove it.';
      return [{ file, message: 'it is not what about() gives', fix }];
    }
    if (names !== undefined && released.packageName !== names.packageName) {
      const fix = 'Remove it; at the next release write it with: c8connector about ./ --json > about.json';
      return [{ file, message: `it is that of ${released.packageName}`, fix }];
    }
    const version = semver.parse(String(manifest.version));
    const order = version === null ? 0 : semver.parse(released.version)?.compare(version);
    if (order === 0) return [];
    const message = `it is of version ${released.version}, and package.json of ${manifest.version}`;
    const fix = order === 1 ? 'Correct the version of package.json: it is older than what was released.' : renew;
    return [{ file, message, fix }];
  },
};

const compatibleConfig: Rule = {
  id: 'compatible-config',
  title: 'A config that is valid for the released version stays valid until the next major version (before 1.0: minor)',
  why: 'An update must not break running connections.',
  async breaches(connector) {
    const file = 'about.json';
    const released = parsedAbout(await connector.text(file));
    const now = await aboutOf(connector);
    if (released === undefined || now === undefined) return [];
    if (released.packageName !== now.packageName || mayBreak(released.version, now.version)) return [];
    return (await incompatibleChanges(released, now)).map((message) => ({
      file,
      message,
      fix: `Keep it compatible, or raise package.json from ${released.version} to ${breaking(released.version)}; where a release does that, remove about.json until then.`,
    }));
  },
};

function breaking(version: string): string {
  return semver.inc(version, semver.major(version) === 0 ? 'minor' : 'major') ?? 'a new major version';
}

/** Rules for the committed files that are generated from a connector. */
export const docsRules: readonly Rule[] = [readmeConfig, aboutFile, compatibleConfig];
