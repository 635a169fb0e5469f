import './release-policy.test.ts';
