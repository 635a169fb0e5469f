import './any-contract.test.ts';
