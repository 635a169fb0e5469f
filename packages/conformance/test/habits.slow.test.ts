import './habits.test.ts';
