;; Tries: Recurses without end.
;; Must: PLUGIN_TRAP
(func $f (export "ingest") (result i32) (call $f))
