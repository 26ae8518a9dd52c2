;; Tries: Writes no output, so that a careless host gives the one of the call before.
;; Must: STALLED
;; Times: 3
(func (export "ingest") (result i32) (i32.const 0))
