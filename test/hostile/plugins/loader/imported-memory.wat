;; Tries: Imports the memory instead of having one.
;; Must: MODULE_INVALID
;; Says: module.imports
(module (import "patchbay:io" "memory" (memory 1)) (func (export "ingest") (result i32) (i32.const 0)))
