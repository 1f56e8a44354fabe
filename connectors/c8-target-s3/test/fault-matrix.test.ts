// Takes about 15 s.
import { diagonal, testFaults, testUnproved } from './fault-matrix.ts';

testUnproved();
// The other cells are in fault-matrix.soak.test.ts.
testFaults(diagonal);
