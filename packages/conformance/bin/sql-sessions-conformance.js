#!/usr/bin/env node
if (Number.parseInt(process.versions.node, 10) >= 24) {
  await import('../dist/main.js');
} else {
  console.error(
    `@sql-sessions/conformance needs Node 24 or newer, and this is ${process.versions.node}.`,
  );
  process.exitCode = 2;
}
