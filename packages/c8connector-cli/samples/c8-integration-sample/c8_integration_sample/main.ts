import { runProgram } from 'c8connector';
import { SampleIntegration } from './index.ts';

await runProgram(new SampleIntegration());
