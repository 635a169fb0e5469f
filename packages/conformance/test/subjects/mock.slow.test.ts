import './mock.test.ts';
