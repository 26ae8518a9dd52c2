;; Tries: Has the host write the seed half outside of its memory.
;; Must: PLUGIN_TRAP
(func (export "ingest") (result i32)
  (call $seed_read (i32.const 65520))
  (i32.const 0))
