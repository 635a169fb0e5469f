import './registry-rehearsal.test.ts';
