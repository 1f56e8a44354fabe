import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { Settings } from './config.ts';
import { clientCredentials } from './credentials.ts';

const silent = () => undefined;

/** What the client of the AWS SDK is made of. */
export function clientConfig(settings: Settings): S3ClientConfig {
  const { region, credentials, endpoint, forcePathStyle, requestChecksums, idleTimeout } = settings;
  return {
    ...(region === undefined ? defaultRegion(credentials.profile) : { region }),
    ...clientCredentials(credentials),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(requestChecksums === undefined ? {} : { requestChecksumCalculation: requestChecksums }),
    forcePathStyle,
    // Requests are repeated by `request`, which knows what an answer must prove.
    maxAttempts: 1,
    // A slow line moves bytes all the time; how long a whole request takes says nothing.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: idleTimeout, requestTimeout: 0 },
    // Its warnings would be plain texts among the JSON lines of stderr.
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
  };
}

/** The SDK finds AWS_REGION and the region of a profile by itself, and fails when there is none; S3-compatible servers need none. */
function defaultRegion(profile: string | undefined): { readonly region?: string } {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE } = process.env;
  if (AWS_REGION || AWS_PROFILE || profile !== undefined) return {};
  return { region: AWS_DEFAULT_REGION || 'us-east-1' };
}
