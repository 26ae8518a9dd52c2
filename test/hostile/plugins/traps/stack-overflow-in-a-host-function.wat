;; Tries: Recurses and calls a host function at every depth, so that the stack overflows inside the host.
;; Must: PLUGIN_TRAP
;; The host function runs out of stack at some depth, whatever the size of the frames.
(func $f (param i32) (call $input_read (i32.const 0)) (drop (call $now)) (call $f (i32.add (local.get 0) (i32.const 1))))
(func (export "ingest") (result i32)
  (call $f (i32.const 0))
  (i32.const 0))
