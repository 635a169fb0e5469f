export * from './client-types.ts';
export { type CoreOptions, createClient } from './create-client.ts';
