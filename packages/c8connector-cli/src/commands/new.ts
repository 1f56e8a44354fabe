import { relative, sep } from 'node:path';
import { ConfigError } from 'c8connector';
import { installedConnectors } from 'c8connector-host';
import { make } from '../new/make.ts';
import { type ConnectorNames, namesOf, withArticle } from '../new/names.ts';
import { findOrigin, type Origin, sampleOf } from '../new/origin.ts';
import { findPlace, type Place } from '../new/place.ts';
import { type NewRequest, type PartialRequest, requestOf, wholeRequest } from '../new/request.ts';
import type { Session } from '../session.ts';

export interface NewArguments {
  /** The type, or the name when no name is given. */
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly like?: string | undefined;
  readonly folder?: string | undefined;
}

/** Creates the folder of a connector, and prints what to do next. */
export async function newConnector(args: NewArguments, session: Session): Promise<number> {
  const request = await completeRequest(requestOf(args), session);
  if (request === undefined) return 130;
  const origin = 'like' in request ? await findOrigin(request.like, session) : sampleOf(request.type);
  const names = namesOf(request.type ?? origin.names.type, request.name);
  refuseMismatch(origin, names);
  const place = await findPlace(names.packageName, session.folder, args.folder);
  const isFormatted = await make(origin, names, place, session.stop.graceful);
  await session.print(report({ origin, names, place, isFormatted }, session.folder));
  return 0;
}

/** Asks for what is missing when there is a terminal; undefined when the user cancels. Without a terminal it throws a ConfigError that names what is missing. */
async function completeRequest(given: PartialRequest, { folders }: Session): Promise<NewRequest | undefined> {
  const known = wholeRequest(given);
  if (known !== undefined) return known;
  if (process.stdin.isTTY && process.stdout.isTTY) {
    const { ask } = await import('../new/ask.ts');
    const installed = (await installedConnectors(folders)).map(({ packageName }) => packageName);
    const answers = await ask(given, installed);
    return answers === undefined ? undefined : wholeRequest(answers);
  }
  const hasType = given.type !== undefined || given.like !== undefined;
  const missing = [...(hasType ? [] : ['its type']), ...(given.name === undefined ? ['its name'] : [])];
  return refuse(
    `a new connector needs ${missing.join(' and ')}`,
    'Give all arguments, such as: c8connector new source acme',
  );
}

function refuseMismatch({ names: { type, packageName } }: Origin, names: ConnectorNames): void {
  if (type !== names.type)
    refuse(`${packageName} is ${withArticle(type)}, so a copy of it cannot be ${withArticle(names.type)}`);
  if (packageName === names.packageName) refuse(`'${packageName}' is the name of what is copied; choose another`);
  if (sampleOf(names.type).names.packageName === names.packageName)
    refuse(`'${names.packageName}' is the name of the sample; choose another`);
}

function refuse(message: string, remedy?: string): never {
  throw new ConfigError(message, remedy === undefined ? { code: 'call_invalid' } : { code: 'call_invalid', remedy });
}

/** What was created. */
interface Made {
  readonly origin: Origin;
  readonly names: ConnectorNames;
  readonly place: Place;
  readonly isFormatted: boolean;
}

/** What was created and what to do next, with paths relative to a folder. */
function report({ origin, names, place, isFormatted }: Made, from: string): string {
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
