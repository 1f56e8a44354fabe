// Takes about 60 s.
import { testSource } from 'c8connector-testing';
import { conformanceOn } from './conformance.ts';
import { describeServer } from './harness.ts';

describeServer('MariaDB', 'the source', () => testSource(conformanceOn('MariaDB')));
