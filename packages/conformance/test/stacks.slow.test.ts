import './stacks.test.ts';
