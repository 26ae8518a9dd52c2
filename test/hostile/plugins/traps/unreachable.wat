;; Tries: Traps.
;; Must: PLUGIN_TRAP
;; Times: 3
(func (export "ingest") (result i32)
  (unreachable))
