import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AnsweredCall, exchange, type Service } from './exchange.ts';
import { createFaultPlan, type SlackFaults } from './faults.ts';
import { createRateLimiter, type RateLimitOptions } from './rate-limits.ts';
import { createWorkspace } from './workspace.ts';
import { createWorld, type SlackWorld } from './world.ts';

export interface SlackOptions extends RateLimitOptions {
  /** Milliseconds since 1970, for rate limits and new timestamps; `Date.now` unless given. */
  readonly clock?: () => number;
}

export interface SlackServer extends SlackFaults, SlackWorld, AsyncDisposable {
  /** `http://127.0.0.1:PORT`; the Web API is at `${url}/api/`. */
  readonly url: string;
  /** A bot token with every scope. */
  readonly token: string;
  /** Every call since the start, in the order of their answers. */
  readonly requests: readonly AnsweredCall[];
  /** Breaks all connections; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a Slack Web API server of its own on 127.0.0.1, with one workspace, one app and no channel. It lives in this process
 * and does not keep it alive.
 */
export async function startSlack(options: SlackOptions = {}): Promise<SlackServer> {
  const { clock = Date.now, isMarketplaceApp = true } = options;
  const workspace = createWorkspace(clock);
  const faults = createFaultPlan();
  // Longer than any client holds an idle connection: closing it first would break a request now and then.
  const server = createServer({ keepAliveTimeout: 300_000, requestTimeout: 0 });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  const service: Service = {
    workspace,
    faults,
    url: `http://127.0.0.1:${address.port}`,
    limit: createRateLimiter(options, clock),
    historyPage: isMarketplaceApp ? { usual: 100, largest: 999 } : { usual: 15, largest: 15 },
    answered: [],
    pages: new Map(),
  };
  server.on('request', (request, response) => void exchange(service, request, response));

  async function stop(): Promise<void> {
    server.close();
    server.closeAllConnections();
  }
  const world = createWorld(workspace, service.url);
  const { failNext, delay, clearFaults } = faults;
  // Not spread: the list of files is read again each time.
  return Object.assign(world, {
    url: service.url,
    token: world.addToken(),
    requests: service.answered,
    failNext,
    delay,
    clearFaults,
    stop,
    [Symbol.asyncDispose]: stop,
  });
}
