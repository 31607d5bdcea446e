#!/usr/bin/env node
// `vep mcp` alone, for clients of MCP whose configuration has a program and its options.
process.argv.splice(2, 0, "mcp");
await import("./vep.mjs");
