export { type CoreOptions, createClient } from './create-client.ts';
