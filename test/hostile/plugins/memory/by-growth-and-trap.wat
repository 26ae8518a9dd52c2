;; Tries: Grows to its limit and traps for want of more.
;; Must: MEMORY_EXCEEDED
(func (export "ingest") (result i32)
  (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
  (unreachable))
