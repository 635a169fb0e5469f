import './defects.test.ts';
