// All entries of the package at once, for one report.
export * as core from '../../dist/core.js';
export * as index from '../../dist/index.js';
export * as openapiFetch from '../../dist/openapi-fetch.js';
export * as testing from '../../dist/testing.js';
