export const WASM_PAGE_BYTES = 65_536;

/** The name under which an engine imports its memory. A plugin's module imports functions only, so it is free. */
export const engineMemory = { module: 'patchbay:engine', name: 'memory' } as const;
