import { runProgram } from 'c8connector';
import { SlackIntegration } from './index.ts';

await runProgram(new SlackIntegration());
