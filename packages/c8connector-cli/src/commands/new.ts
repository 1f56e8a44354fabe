import { ConfigError } from 'c8connector';
import { make } from '../new/make.ts';
import { article, type ConnectorNames, namesOf } from '../new/names.ts';
import { findOrigin, type Origin, sampleOf } from '../new/origin.ts';
import { findPlace } from '../new/place.ts';
import { report } from '../new/report.ts';
import { completeWish, wishOf } from '../new/wish.ts';
import type { Session } from '../session.ts';

export interface NewArguments {
  /** The name, when it is no type and there is no name. */
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly like?: string | undefined;
  readonly folder?: string | undefined;
}

/** Makes the folder of a connector, and says what to do next. */
export async function newConnector(args: NewArguments, session: Session): Promise<number> {
  const wish = await completeWish(wishOf(args), session.folder);
  if (wish === undefined) return 130;
  const origin = 'like' in wish ? await findOrigin(wish.like, session.folder) : sampleOf(wish.type);
  const names = namesOf(wish.type ?? origin.names.type, wish.name);
  refuseMismatch(origin, names);
  const place = await findPlace(names.packageName, session.folder, args.folder);
  const isFormatted = await make(origin, names, place, session.stop.soft);
  await session.print(report({ origin, names, place, isFormatted }, session.folder));
  return 0;
}

function refuseMismatch({ names: { type, packageName } }: Origin, names: ConnectorNames): void {
  if (type !== names.type)
    refuse(`${packageName} is ${article(type)}, so a copy of it cannot be ${article(names.type)}`);
  if (packageName === names.packageName) refuse(`'${packageName}' is the name of what is copied; choose another`);
  if (sampleOf(names.type).names.packageName === names.packageName)
    refuse(`'${names.packageName}' is the name of the sample; choose another`);
}

function refuse(message: string): never {
  throw new ConfigError(message, { code: 'call_invalid' });
}
