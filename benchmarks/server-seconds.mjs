import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** The process id of the server, whose children do its work. */
export async function serverProcess(uri) {
  const query = "select split_part(pg_read_file('postmaster.pid'), chr(10), 1)";
  return Number(spawnSync('psql', [uri, '-qAtc', query], { encoding: 'utf8' }).stdout);
}

/** The figures of a contestant, with the CPU seconds of the server processes that ended during its run. */
export async function withServer(pid, once) {
  const before = await childSeconds(pid);
  const figures = await once();
  // A backend ends a moment after its client.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { ...figures, server: (await childSeconds(pid)) - before };
}

/** Linux counts in hundredths of a second. */
async function childSeconds(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
