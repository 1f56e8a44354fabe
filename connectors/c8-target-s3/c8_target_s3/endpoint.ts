import type { ConfigProblem } from 'c8connector';

/** Hosts of services whose consoles show endpoints with the bucket in front; copied from there, the bucket would be in the host name twice. */
const services =
  /(^|\.)(amazonaws\.com(\.cn)?|digitaloceanspaces\.com|r2\.cloudflarestorage\.com|wasabisys\.com|backblazeb2\.com|linodeobjects\.com|storage\.googleapis\.com)$/;

/** The problems of an endpoint for a bucket that its text alone shows. */
export function endpointProblems(endpoint: string | undefined, bucket: string): ConfigProblem[] {
  if (endpoint === undefined) return [];
  const message = problemOf(endpoint, bucket);
  return message === undefined ? [] : [{ property: 'endpoint', message }];
}

function problemOf(endpoint: string, bucket: string): string | undefined {
  if (!URL.canParse(endpoint)) return `${JSON.stringify(endpoint)} is not a URL.`;
  const url = new URL(endpoint);
  if (url.username !== '' || url.password !== '')
    return 'It contains a user or a password. Set access_key and secret_access_key instead.';
  if (url.search !== '' || url.hash !== '') return 'It has a query or a fragment. Set only the address of the server.';
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  if (segments.at(-1) === bucket) {
    const path = segments.slice(0, -1).map((segment) => `/${segment}`);
    return `It ends with the bucket, which is added automatically. Set ${url.origin}${path.join('')}.`;
  }
  if (url.hostname.startsWith(`${bucket}.`) && services.test(url.hostname)) {
    return `It begins with the bucket, which is added automatically. Set ${url.protocol}//${url.host.slice(bucket.length + 1)}.`;
  }
  return undefined;
}

/** Whether the bucket can only be in the path, since the host has no subdomains: localhost, and names without a dot. */
export function needsPathStyle(endpoint: string | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || !hostname.includes('.');
}
