// What QuickJS gives to the glue. Every `i32` called a handle points to a boxed JSValue of the engine.
@external('qjs', '_initialize')
export declare function qjs_initialize(): void;
@external('qjs', 'qjs_init')
export declare function qjs_init(): i32;
@external('qjs', 'qjs_eval')
export declare function qjs_eval(code: i32, length: i32, fileName: i32, flags: i32): i32;
@external('qjs', 'qjs_compile')
export declare function qjs_compile(code: i32, length: i32, fileName: i32, flags: i32, compileFlags: i32, lengthOut: i32): i32;
@external('qjs', 'qjs_eval_bytecode')
export declare function qjs_eval_bytecode(pointer: i32, length: i32): i32;
@external('qjs', 'qjs_new_object')
export declare function qjs_new_object(): i32;
@external('qjs', 'qjs_get_prop_string')
export declare function qjs_get_prop_string(object: i32, name: i32): i32;
@external('qjs', 'qjs_set_prop_string')
export declare function qjs_set_prop_string(object: i32, name: i32, value: i32): i32;
@external('qjs', 'qjs_new_host_function')
export declare function qjs_new_host_function(name: i32, length: i32, arity: i32): i32;
@external('qjs', 'qjs_new_string')
export declare function qjs_new_string(pointer: i32, length: i32): i32;
@external('qjs', 'qjs_new_number')
export declare function qjs_new_number(value: f64): i32;
@external('qjs', 'qjs_get_float64')
export declare function qjs_get_float64(value: i32): f64;
@external('qjs', 'qjs_get_string_len')
export declare function qjs_get_string_len(value: i32, lengthOut: i32): i32;
@external('qjs', 'qjs_free_cstring')
export declare function qjs_free_cstring(pointer: i32): void;
@external('qjs', 'qjs_new_uint8_array')
export declare function qjs_new_uint8_array(pointer: i32, length: i32): i32;
@external('qjs', 'qjs_get_array_buffer')
export declare function qjs_get_array_buffer(value: i32, lengthOut: i32): i32;
@external('qjs', 'qjs_free_value')
export declare function qjs_free_value(value: i32): void;
@external('qjs', 'qjs_call')
export declare function qjs_call(f: i32, self: i32, count: i32, values: i32): i32;
@external('qjs', 'qjs_get_undefined')
export declare function qjs_get_undefined(): i32;
@external('qjs', 'qjs_is_exception')
export declare function qjs_is_exception(value: i32): i32;
@external('qjs', 'qjs_get_exception')
export declare function qjs_get_exception(): i32;
@external('qjs', 'qjs_get_value_ptr')
export declare function qjs_get_value_ptr(value: i32): i32;
@external('qjs', 'qjs_execute_pending_job')
export declare function qjs_execute_pending_job(): i32;
@external('qjs', 'qjs_set_max_stack_size')
export declare function qjs_set_max_stack_size(bytes: i32): void;
@external('qjs', 'qjs_set_promise_rejection_handler')
export declare function qjs_set_promise_rejection_handler(on: i32): void;
@external('qjs', 'qjs_set_interrupt_handler')
export declare function qjs_set_interrupt_handler(on: i32): void;
@external('qjs', 'qjs_set_gc_threshold')
export declare function qjs_set_gc_threshold(bytes: i32): void;
@external('qjs', 'qjs_run_gc')
export declare function qjs_run_gc(): void;
@external('qjs', 'qjs_get_context_ptr')
export declare function qjs_get_context_ptr(): i32;
@external('qjs', 'JS_ParseJSON')
export declare function JS_ParseJSON(context: i32, text: i32, length: i32, fileName: i32): i64;
@external('qjs', 'malloc')
export declare function malloc(bytes: i32): i32;
@external('qjs', 'free')
export declare function free(pointer: i32): void;
