// Takes about 60 s.
import { testConformance } from './conformance.ts';

testConformance('MySQL');
