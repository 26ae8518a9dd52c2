// AssemblyScript: the layer between QuickJS (which imports `host_*` and a little WASI) and the ABI of contract/abi.ts.
//
// No managed memory, no static data, no globals: the engine owns the linear memory, so one image of it holds the whole
// state. What this layer remembers lies in the fixed words of words.ts.
export * from './engine-imports';
export * from './natives';
export * from './run';
export * from './build';
