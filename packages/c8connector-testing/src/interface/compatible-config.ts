import { isDeepStrictEqual } from 'node:util';
import type { ConfigProperty } from 'c8connector';
import { isIntegration, parseConfig, Secret } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable, shown } from '../check.ts';
import { incompatibilities } from '../compatibility/compatibility.ts';
import { generatedConfigs } from '../compatibility/old-configs.ts';
import { type ReleasedConfig, releasedConfig } from '../compatibility/released-config.ts';
import type { ConnectorContext } from '../context.ts';
import { packageText } from '../package-files.ts';

const generated = 100;

/** 15 */
export const compatibleConfig: Check<ConnectorContext> = {
  number: 15,
  title: 'every config that was valid at the last release is still valid, and means the same',
  where:
    'config of the definition, compared with about.json; update about.json only at a release, or for an intended breaking change',
  async run({ connector, packageFolder, note }) {
    const before = await oldAbout(packageFolder);
    await compare('config', before.config, connector.config, note);
    if (!isIntegration(connector)) return;
    for (const { name, input } of before.actions) {
      const action = connector.actions.find((each) => each.name === name);
      if (action === undefined)
        throw new Finding(
          `action '${name}', which the last release had`,
          shown(connector.actions.map((each) => each.name)),
        );
      await compare(`input of action '${name}'`, input, action.input, note);
    }
  },
};

async function compare(
  what: string,
  before: readonly ConfigProperty[],
  now: readonly ConfigProperty[],
  note: ConnectorContext['note'],
): Promise<void> {
  const found = await incompatibilities(before, now);
  if (found.length > 0)
    throw new Finding(
      `a ${what} that takes all that the last release took`,
      found.map(({ problem }) => problem).join('; '),
    );
  const configs = await generatedConfigs(before, generated);
  for (const config of configs) checkOne(what, config, before, now);
  if (configs.length === 0)
    note(`15 compared the declarations of the ${what} only: no example could be made that the last release took`);
}

/** Tries one old config, to find what the comparison of the declarations missed. */
function checkOne(
  what: string,
  config: Readonly<Record<string, unknown>>,
  before: readonly ConfigProperty[],
  now: readonly ConfigProperty[],
): void {
  const old = parseConfig(before, config).config;
  let parsed: Readonly<Record<string, unknown>>;
  try {
    parsed = parseConfig(now, config).config;
  } catch (error) {
    throw new Finding(`a ${what} that takes ${shown(config)}, as the last release did`, errorText(error), {
      cause: error,
    });
  }
  const changed = Object.keys(old).find((name) => !isDeepStrictEqual(plain(parsed[name]), plain(old[name])));
  if (changed !== undefined)
    throw new Finding(
      `a ${what} in which ${shown(config)} gives '${changed}' the value ${shown(plain(old[changed]))}, as in the last release`,
      shown(plain(parsed[changed])),
    );
}

/** Reveals secrets of a generated config, so that values can be compared. */
function plain(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}

async function oldAbout(packageFolder: URL | string | undefined): Promise<ReleasedConfig> {
  const text = await packageText(packageFolder, 'about.json');
  if (text === undefined)
    throw new NotRunnable(
      'there is no about.json, which keeps what --about said at the last release: nothing was released yet',
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Finding('about.json as --about prints it', errorText(error), { cause: error });
  }
  const released = releasedConfig(value);
  if (released === undefined) throw new Finding('about.json as --about prints it, with the config', shown(value));
  return released;
}
