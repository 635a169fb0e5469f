#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Prism is some hundred modules: from the second start on, Node need not compile them again.
enableCompileCache();
const { main } = await import('../dist/cli/main.js');

process.exitCode = await main(process.argv.slice(2));
