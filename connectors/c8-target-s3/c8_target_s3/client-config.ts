import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { Settings } from './config.ts';
import { clientCredentials } from './credentials.ts';

const silent = () => undefined;

/** The configuration of the AWS SDK's client. */
export function clientConfig(settings: Settings): S3ClientConfig {
  const { region, credentials, endpoint, forcePathStyle, requestChecksums, idleTimeout } = settings;
  return {
    ...(region === undefined ? defaultRegion(credentials.profile) : { region }),
    ...clientCredentials(credentials),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(requestChecksums === undefined ? {} : { requestChecksumCalculation: requestChecksums }),
    forcePathStyle,
    // `request` repeats requests, since it knows what an answer must prove.
    maxAttempts: 1,
    // On a slow line bytes still move all the time, so only idle time counts, not the time of a whole request.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: idleTimeout, requestTimeout: 0 },
    // Its warnings would be plain text among the JSON lines of stderr.
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
  };
}

/** The SDK finds AWS_REGION and the region of a profile by itself, and fails without a region, though S3-compatible servers need none. */
function defaultRegion(profile: string | undefined): { readonly region?: string } {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE } = process.env;
  if (AWS_REGION || AWS_PROFILE || profile !== undefined) return {};
  return { region: AWS_DEFAULT_REGION || 'us-east-1' };
}
