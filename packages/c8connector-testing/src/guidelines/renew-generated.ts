import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import semver from 'semver';
import { incompatibleChanges, mayBreak } from './breaking-changes.ts';
import { withConfigTable } from './config-table.ts';
import { openPackage } from './connector-package.ts';
import { type ParsedAbout, parsedAbout } from './parsed-about.ts';
import { aboutOf } from './rules/module-rules.ts';

/**
 * Updates the committed files that are generated from a connector, and resolves with the files that it wrote: the config in README.md, and about.json when it is of an older
 * version than package.json and the change is allowed. about.json describes the last release; before the first release there is none. Writes nothing when the connector cannot be built. Rejects
 * like `checkGuidelines`.
 */
export async function renewGenerated(
  folder: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<readonly string[]> {
  const connector = await openPackage(folder, signal);
  const about = await aboutOf(connector);
  if (about === undefined) return [];
  const written: string[] = [];
  const write = async (file: string, text: string): Promise<void> => {
    await writeFile(join(connector.folder, file), text);
    written.push(file);
  };
  const readme = await connector.text('README.md');
  const current = withConfigTable(readme, about.config);
  if (current !== undefined && current !== readme) await write('README.md', current);
  if (await isOutdated(parsedAbout(await connector.text('about.json')), about)) await write('about.json', about.text);
  return written;
}

async function isOutdated(released: ParsedAbout | undefined, now: ParsedAbout): Promise<boolean> {
  if (released === undefined || released.packageName !== now.packageName) return false;
  const [before, after] = [semver.parse(released.version), semver.parse(now.version)];
  if (before === null || after === null || before.compare(after) !== -1) return false;
  return mayBreak(released.version, now.version) || (await incompatibleChanges(released, now)).length === 0;
}
