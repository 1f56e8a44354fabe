import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before a program: kills it with SIGKILL before or after it has put the file of its state in place for the nth time. C8_KILL_AT is `before 2` or `after 2`.
const [moment, number] = (process.env.C8_KILL_AT ?? '').split(' ');
const { rename } = fs;
let count = 0;

async function killAt(when) {
  if (moment !== when || count !== Number(number)) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
}

fs.rename = async (...paths) => {
  count += 1;
  await killAt('before');
  await rename(...paths);
  await killAt('after');
};
syncBuiltinESMExports();
