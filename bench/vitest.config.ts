export { default } from '@sql-sessions/testing/vitest';
