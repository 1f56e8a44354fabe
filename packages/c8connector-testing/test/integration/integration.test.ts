import { memoryIntegration } from '../../../c8connector/test/fixtures/memory-integration.ts';
import { programPath } from '../../../c8connector/test/fixtures/program-path.ts';
import { testIntegration } from '../../src/index.ts';

const said: string[] = [];

testIntegration({
  connector: memoryIntegration((text) => said.push(text)),
  config: { password: 'open sesame' },
  calls: { say: { text: 'good morning' } },
  callsMade: () => said.length,
  program: programPath('memory-integration-main'),
});
