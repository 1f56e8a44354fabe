import { testIntegration } from '../../../src/testing/index.ts';
import { memoryIntegration } from '../../fixtures/memory-integration.ts';
import { programPath } from '../../fixtures/program-path.ts';

const said: string[] = [];

testIntegration({
  connector: memoryIntegration((text) => said.push(text)),
  config: { password: 'open sesame' },
  calls: { say: { text: 'good morning' } },
  callsMade: () => said.length,
  program: programPath('memory-integration-main'),
});
