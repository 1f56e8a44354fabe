import { MemorySource } from '../../../c8connector/test/fixtures/memory-source.ts';
import { programPath } from '../../../c8connector/test/fixtures/program-path.ts';
import { testSource } from '../../src/index.ts';
import { richStreams } from '../rich-streams.ts';

const program = programPath('memory-source-main');

testSource({
  connector: MemorySource,
  config: { password: 'open sesame', rows: 2000 },
  program,
  skip: { 32: 'the other source has an empty stream' },
});
testSource({
  connector: () => new MemorySource(),
  config: async () => ({ password: 'open sesame', streams: richStreams }),
});
