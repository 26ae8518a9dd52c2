// What the host gives to a run: contract/abi.ts.
@external('patchbay:io', 'input_length')
export declare function input_length(): i32;
@external('patchbay:io', 'input_read')
export declare function input_read(pointer: i32): void;
@external('patchbay:io', 'output_write')
export declare function output_write(pointer: i32, length: i32): void;
@external('patchbay:io', 'error_write')
export declare function error_write(pointer: i32, length: i32): void;
@external('patchbay:io', 'batch_length')
export declare function batch_length(): i32;
@external('patchbay:io', 'batch_read')
export declare function batch_read(pointer: i32): void;
@external('patchbay:io', 'now')
export declare function now(): f64;
@external('patchbay:io', 'seed_read')
export declare function seed_read(pointer: i32): void;
@external('patchbay:io', 'log_write')
export declare function log_write(level: i32, pointer: i32, length: i32): void;
@external('patchbay:http', 'ask')
export declare function http_ask(pointer: i32, length: i32): i32;
@external('patchbay:http', 'ask_blocking')
export declare function http_ask_blocking(pointer: i32, length: i32): i32;
@external('patchbay:store', 'ask')
export declare function store_ask(pointer: i32, length: i32): i32;
@external('patchbay:store', 'ask_blocking')
export declare function store_ask_blocking(pointer: i32, length: i32): i32;
@external('patchbay:emit', 'ask')
export declare function emit_ask(pointer: i32, length: i32): i32;
@external('patchbay:schedule', 'ask')
export declare function schedule_ask(pointer: i32, length: i32): i32;
