import { runProgram } from 'c8connector';
import { PostgresSource } from './index.ts';

await runProgram(new PostgresSource());
