;; Tries: Catches what the host throws at it and goes on.
;; Must: MODULE_INVALID
;; Says: exceptions
(module (import "patchbay:io" "seed_read" (func $seed (param i32))) (memory (export "memory") 1)
  (func (export "ingest") (result i32)
    (loop $again (try (do (call $seed (i32.const -1))) (catch_all)) (br $again))
    (i32.const 0)))
