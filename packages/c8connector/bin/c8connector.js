#!/usr/bin/env node
// `npx c8connector` means this package wherever it is typed; the host program is one of its own, so that no deployed connector installs it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const program = 'c8connector-cli';
// What is installed in the folder of the user counts first, then what is installed beside this package.
const manifest = [join(process.cwd(), 'package.json'), import.meta.url].map(manifestFrom).find((path) => path);

if (manifest === undefined) {
  process.stderr.write(`c8connector: its commands are not installed here; install them with: npm install ${program}\n`);
  process.exit(2);
}
const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
await import(pathToFileURL(join(dirname(manifest), bin[program])).href);

function manifestFrom(place) {
  try {
    return createRequire(place).resolve(`${program}/package.json`);
  } catch {
    return undefined;
  }
}
