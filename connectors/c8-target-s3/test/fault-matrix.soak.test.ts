// Takes about 30 s.
import { restOfMatrix, testFaults } from './fault-matrix.ts';

testFaults(restOfMatrix);
