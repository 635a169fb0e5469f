#!/usr/bin/env node
import module from 'node:module';

if (Number.parseInt(process.versions.node, 10) >= 24) {
  // Prism is some hundred modules: from the second start on, Node need not compile them again.
  module.enableCompileCache();
  const { main } = await import('../dist/cli/main.js');

  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error(`@sql-sessions/mock needs Node 24 or newer, and this is ${process.versions.node}.`);
  process.exitCode = 2;
}
