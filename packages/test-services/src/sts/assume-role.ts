import type { SessionKey } from '../s3/access-keys.ts';
import { element, elements, type XmlElement } from '../s3/xml.ts';
import { StsError } from './sts-error.ts';

/** A role that can be assumed. */
export interface Role {
  /** `arn:aws:iam::111122223333:role/writer` */
  readonly arn: string;
  /** What its trust policy asks for. */
  readonly externalId?: string;
  /** Seconds that a session lasts at most; 3600 unless given. */
  readonly maxSessionDuration?: number;
}

export interface AssumedRole {
  readonly arn: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly seconds: number;
}

const caller = 'arn:aws:iam::111122223333:user/test';

/** Answers AssumeRole. Throws the StsError that STS gives to a request that it refuses. */
export function assumeRole(
  parameters: URLSearchParams,
  roles: readonly Role[],
  createSession: (seconds: number) => SessionKey,
): { readonly role: AssumedRole; readonly document: XmlElement } {
  if (parameters.get('Action') !== 'AssumeRole' || parameters.get('Version') !== '2011-06-15') {
    const action = parameters.get('Action');
    throw new StsError(
      400,
      'InvalidAction',
      `Could not find operation ${action} for version ${parameters.get('Version')}`,
    );
  }
  const asked = readParameters(parameters);
  const role = roles.find(
    ({ arn, externalId }) => arn === asked.arn && (externalId ?? asked.externalId) === asked.externalId,
  );
  if (role === undefined) {
    // Whether there is such a role, and what its policy asks for, is nobody's business.
    const message = `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${asked.arn}`;
    throw new StsError(403, 'AccessDenied', message);
  }
  const { seconds } = asked;
  if (seconds > (role.maxSessionDuration ?? 3_600)) {
    const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
    throw new StsError(400, 'ValidationError', message);
  }
  return { role: asked, document: resultOf(asked, createSession(seconds)) };
}

function readParameters(parameters: URLSearchParams): AssumedRole {
  const arn = parameters.get('RoleArn') ?? '';
  const sessionName = parameters.get('RoleSessionName') ?? '';
  const externalId = parameters.get('ExternalId') ?? undefined;
  const seconds = Number(parameters.get('DurationSeconds') ?? '3600');
  check(arn.length >= 20 && /^arn:[a-z-]+:iam::\d{12}:role\/\S+$/.test(arn), arn, 'roleArn');
  check(/^[\w+=,.@-]{2,64}$/.test(sessionName), sessionName, 'roleSessionName');
  check(externalId === undefined || /^[\w+=,.@:/-]{2,1224}$/.test(externalId), externalId ?? '', 'externalId');
  check(seconds >= 900 && seconds <= 43_200, String(seconds), 'durationSeconds');
  return { arn, sessionName, externalId, seconds };
}

function check(isValid: boolean, value: string, name: string): void {
  if (isValid) return;
  const message = `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint`;
  throw new StsError(400, 'ValidationError', message);
}

function resultOf({ arn, sessionName }: AssumedRole, { accessKey, secretAccessKey, session }: SessionKey): XmlElement {
  const [, account = '', name = ''] = /::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return element('AssumeRoleResult', [
    element(
      'AssumedRoleUser',
      elements({
        Arn: `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`,
        AssumedRoleId: `AROA0123456789EXAMPLE:${sessionName}`,
      }),
    ),
    element(
      'Credentials',
      elements({
        AccessKeyId: accessKey,
        SecretAccessKey: secretAccessKey,
        SessionToken: session.token,
        Expiration: session.expires.toISOString().replace(/\.\d+Z$/, 'Z'),
      }),
    ),
  ]);
}
