import './axe.test.ts';
