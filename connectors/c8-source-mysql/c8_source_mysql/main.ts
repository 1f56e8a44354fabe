import { runProgram } from 'c8connector';
import { MysqlSource } from './index.ts';

await runProgram(new MysqlSource());
