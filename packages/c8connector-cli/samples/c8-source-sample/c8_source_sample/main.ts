import { runProgram } from 'c8connector';
import { SampleSource } from './index.ts';

await runProgram(new SampleSource());
