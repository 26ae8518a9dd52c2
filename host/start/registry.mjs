// The registry alone: the same program with another part, another port and another folder.
process.env.PATCHBAY_ROLE = 'registry';
process.env.PORT ??= '3100';
process.env.PATCHBAY_DATA ??= '.patchbay-registry';
await import('./start.mjs');
