import { runProgram } from 'c8connector';
import { SampleTarget } from './index.ts';

await runProgram(new SampleTarget());
