import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function jsonFile(folder, name, content) {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

/** The path of a catalog that selects one table, as the tap discovers it. */
export async function discovered([program, ...args], { name, method, folder, file = 'mysql.catalog.json' }) {
  const { stdout, stderr, status } = spawnSync(program, [...args, '--discover'], { encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${program} could not discover: ${stderr}`);
  const streams = JSON.parse(stdout).streams.filter((stream) => stream.table_name === name);
  for (const { metadata } of streams)
    for (const { breadcrumb, metadata: own } of metadata)
      if (breadcrumb.length === 0) Object.assign(own, { selected: true, 'replication-method': method });
  return await jsonFile(folder, file, { streams });
}
