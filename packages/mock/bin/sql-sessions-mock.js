#!/usr/bin/env node
import * as module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 12)) {
  // From the second start on, Node need not compile the modules again.
  module.enableCompileCache();
  const { main } = await import('../dist/cli/main.js');

  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error(
    `@sql-sessions/mock needs Node 22.12 or newer, and this is ${process.versions.node}.`,
  );
  process.exitCode = 2;
}
