// Started next to a test server: argument 1 is its directory, each line on standard input the process to end with it (empty for none).
// Standard input ends when the test process closes it or dies, whatever killed it; then both are removed.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const [directory] = process.argv.slice(2);
let owned = 0;
for await (const line of createInterface({ input: process.stdin })) owned = Number(line);

function signal(name) {
  try {
    process.kill(owned, name);
    return true;
  } catch {
    return false;
  }
}

if (owned > 0) {
  // SIGQUIT is PostgreSQL's immediate shutdown: it ends its own children and frees its shared memory. MariaDB ends at it as at SIGTERM.
  signal('SIGQUIT');
  const deadline = Date.now() + 3_000;
  while (signal(0)) {
    if (Date.now() > deadline) signal('SIGKILL');
    await sleep(20);
  }
}
rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
