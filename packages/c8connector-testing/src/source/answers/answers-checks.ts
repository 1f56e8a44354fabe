import { type Check, NotRunnable } from '../../check.ts';
import { sameAfterFailure } from '../../interface/after-failure.ts';
import { emptyBody, errorInside, failures, halfAsWhole, htmlPage, noContent, slowly } from '../../interface/faults.ts';
import type { SourceContext } from '../source-context.ts';
import { callAgain } from './call-again.ts';
import { cutConnections, slowConnections } from './cut-connections.ts';
import { proxiedService } from './proxied-service.ts';
import { isJson, spoilRequests } from './spoilt-requests.ts';

/** 110 */
const nonsensePages: Check<SourceContext> = {
  number: 110,
  title:
    'an answer that proves nothing is not taken for the end of a list: 200 with an HTML page, with an error inside, with an empty body, or with half of the answer',
  where: 'the code that reads an answer: accept as the last page only what the service documents as one',
  timeout: 110,
  async run(context) {
    const service = await proxiedService(context);
    if (!service.isHttp)
      throw new NotRunnable('the service is not spoken to by HTTP: 111 and 112 cut and slow its connections');
    await spoilRequests(context, service, [htmlPage]);
    // An answer that is not JSON may be empty, or end anywhere.
    const calls = service.calls.filter(({ answers }) => answers.every(isJson));
    await spoilRequests(context, { ...service, calls }, [emptyBody, noContent, errorInside, halfAsWhole]);
  },
};

/** 111 */
const failingPages: Check<SourceContext> = {
  number: 111,
  title: 'a page that the service postpones, refuses or loses is requested again, or ends the read with a named error',
  where:
    'the code that checks the status of an answer, and the code that catches errors: 429, 5xx, redirects, login pages, connections that break. A list ends when the service says so, not when nothing more comes',
  timeout: 110,
  async run(context) {
    const service = await proxiedService(context);
    if (service.isHttp) await spoilRequests(context, service, failures);
    else await cutConnections(context, service);
  },
};

/** 112 */
const slowPages: Check<SourceContext> = {
  number: 112,
  title: 'answers that come in small pieces are read completely',
  where: 'the code that reads the body of an answer, or the frames of a protocol: a piece may be less than a row',
  timeout: 110,
  async run(context) {
    const service = await proxiedService(context);
    if (service.isHttp) await spoilRequests(context, service, [slowly]);
    else await slowConnections(context, service);
  },
};

/** 115 */
const workingAgain: Check<SourceContext> = {
  ...sameAfterFailure,
  timeout: 110,
  async run(context) {
    await callAgain(context, await proxiedService(context));
  },
};

/** 110 to 112, and 115: how a source handles the answers of its service. */
export const answersChecks: readonly Check<SourceContext>[] = [nonsensePages, failingPages, slowPages, workingAgain];
