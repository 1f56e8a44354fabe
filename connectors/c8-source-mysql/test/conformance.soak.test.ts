// Takes about 60 s.
import { testSource } from 'c8connector-testing';
import { conformanceOn } from './conformance.ts';
import { describeServer } from './harness.ts';

describeServer('MySQL', 'the source', () => testSource(conformanceOn('MySQL')));
