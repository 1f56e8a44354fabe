import { relative, sep } from 'node:path';
import type { ConnectorNames } from './names.ts';
import type { Origin } from './origin.ts';
import type { Place } from './place.ts';

/** What was made. */
export interface Made {
  readonly origin: Origin;
  readonly names: ConnectorNames;
  readonly place: Place;
  readonly isFormatted: boolean;
}

/** Says what was made and what to do next, with paths as they are seen from a folder. */
export function report({ origin, names, place, isFormatted }: Made, from: string): string {
  const { packageName, moduleFolder, type, displayName } = names;
  const path = (folder: string) => relative(from, folder).split(sep).join('/') || '.';
  const folder = path(place.folder);
  const formatting = 'npx biome check --write .   # the new names make other lines';
  const commands =
    place.workspace === undefined
      ? [`cd ${folder}`, 'npm install', ...(isFormatted ? [] : [formatting]), 'npm test', 'npm run check']
      : [
          ...(place.workspace === from ? [] : [`cd ${path(place.workspace)}`]),
          ...(isFormatted ? [] : [formatting]),
          `npm test -- connectors/${packageName}`,
          `npx c8connector check connectors/${packageName}`,
        ];
  return `Made ${folder}: the ${type} ${displayName}, a copy of ${origin.names.packageName}.
${place.workspace === undefined ? '' : 'It is a part of the workspace: the next npm test links it, and .changeset has a line for the next release.\n'}
It begins in ${folder}/${moduleFolder}/index.ts. Next:

${commands.map((command) => `  ${command}`).join('\n')}
`;
}
