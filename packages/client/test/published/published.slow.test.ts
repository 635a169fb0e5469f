import './published.test.ts';
