import { randomBytes } from 'node:crypto';

/** A key pair: of a user, who keeps it, or of a session, which ends. */
export interface AccessKey {
  readonly accessKey: string;
  readonly secretAccessKey: string;
  readonly session?: Session;
}

interface Session {
  readonly token: string;
  readonly expires: Date;
}

/** The keys of a session. */
export type SessionKey = AccessKey & { readonly session: Session };

export function newAccessKey(): AccessKey {
  return { accessKey: `AKIA${randomId()}`, secretAccessKey: newSecret() };
}

export function newSessionKey(seconds: number, now = Date.now()): SessionKey {
  const session = { token: randomBytes(120).toString('base64'), expires: new Date(now + seconds * 1_000) };
  return { accessKey: `ASIA${randomId()}`, secretAccessKey: newSecret(), session };
}

function randomId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}

function newSecret(): string {
  return randomBytes(30).toString('base64');
}
