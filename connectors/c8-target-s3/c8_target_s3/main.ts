import { runProgram } from 'c8connector';
import { S3Target } from './index.ts';

await runProgram(new S3Target());
