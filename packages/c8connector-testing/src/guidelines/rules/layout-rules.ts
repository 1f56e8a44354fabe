import type { Breach, Rule } from '../guideline.ts';

const needed: Readonly<Record<string, string>> = {
  LICENSE: 'Add the text of the license.',
  'README.md': 'Say what the connector does, with its config between <!-- config --> and <!-- /config -->.',
  'GETTING_STARTED.md': 'Say step by step how to get from nothing to a first run.',
  'tsconfig.json': 'Add one whose rootDir is the module folder and whose outDir is dist.',
  'test/conformance.test.ts': 'Call testSource, testTarget or testIntegration of c8connector-testing in it.',
};
const ofModule: Readonly<Record<string, string>> = {
  'index.ts': 'Export the class of the connector from it.',
  'main.ts': 'Run the connector in it: await runProgram(new Connector()).',
};

const layout: Rule = {
  id: 'layout',
  title: 'LICENSE, README.md, GETTING_STARTED.md, tsconfig.json, index.ts, main.ts and the conformance test are there',
  why: 'Whoever knows one connector finds the way in all of them, and so do programs.',
  async breaches({ files, moduleFolder, text }) {
    const module =
      moduleFolder === undefined
        ? []
        : Object.entries(ofModule).map(([file, fix]) => [`${moduleFolder}/${file}`, fix] as const);
    const found: Breach[] = [];
    for (const [file, fix] of [...Object.entries(needed), ...module]) {
      if (!files.includes(file)) {
        const other = files.find((name) => name.toLowerCase() === file.toLowerCase());
        if (other === undefined) found.push({ file, message: 'it is missing', fix });
        else found.push({ file, message: `it is named ${other}`, fix: 'Rename it.' });
      } else if ((await text(file)).trim() === '') found.push({ file, message: 'it is empty', fix });
    }
    return found;
  },
};

/** Rules for the layout of a package. */
export const layoutRules: readonly Rule[] = [layout];
