import type { Answer, Fault } from './fault-proxy.ts';

const html = '<!doctype html><html><title>Sign in</title><body>Sign in to go on.</body></html>';
const json = { 'content-type': 'application/json' };

function instead(name: string, status: number, body: string, headers: Answer['headers'] = {}): Fault {
  return { name, isAnswered: false, sent: 'whole', answer: () => ({ status, headers, body: Buffer.from(body) }) };
}

export const htmlPage = instead('status 200 and an HTML page', 200, html, { 'content-type': 'text/html' });
export const emptyBody = instead('status 200 and an empty body', 200, '');
const emptyObject = instead('status 200 and {}', 200, '{}', json);
const emptyList = instead('status 200 and []', 200, '[]', json);
export const noContent = instead('status 204', 204, '');
export const errorInside = instead(
  'status 200 and {"error":{"message":"try again later"}}',
  200,
  '{"error":{"message":"try again later"}}',
  json,
);
export const halfAsWhole: Fault = {
  ...{ name: 'the first half of the answer, as if it were all', isAnswered: true, sent: 'whole' },
  answer: (own) => ({ ...own, body: own.body.subarray(0, own.body.length / 2) }),
};
export const slowly: Fault = { name: 'slow', isAnswered: true, sent: 'slowly', answer: (own) => own };

const unavailable = instead('status 503 and an empty body', 503, '');
const breakingOff: Fault = {
  ...{ name: 'an answer that breaks off', isAnswered: true, sent: 'half' },
  answer: (own) => own,
};

/** Temporary faults. */
export const passing: readonly Fault[] = [unavailable, breakingOff];

/** Faults of a service that postpones a request, refuses it, or loses its answer. */
export const failures: readonly Fault[] = [
  instead('status 429', 429, '', { 'retry-after': '1' }),
  instead('status 500 and an HTML page', 500, html, { 'content-type': 'text/html' }),
  unavailable,
  instead('status 302 to a login page', 302, html, { location: '/login' }),
  instead('status 403 and an HTML page', 403, html, { 'content-type': 'text/html' }),
  breakingOff,
];

/** Whether a fault has the same effect as the service's own answer: a service may be documented to answer with nothing, or with what would be nonsense elsewhere. */
export function isTheSame(spoilt: Answer, own: Answer): boolean {
  return spoilt.body.equals(own.body) && spoilt.status < 300;
}

/** The numbers of the requests to spoil, out of this many: the first two, one in the middle and the last. */
export function numbersOf(requests: number): readonly number[] {
  const numbers = [1, 2, Math.ceil(requests / 2), requests].filter((number) => 1 <= number && number <= requests);
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** Answers whose status is success, but that do not contain what was requested. */
export const nonsense: readonly Fault[] = [htmlPage, emptyBody, emptyObject, emptyList, noContent, halfAsWhole];
