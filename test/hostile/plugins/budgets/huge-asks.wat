;; Tries: Asks with a megabyte each time.
;; Must: JOURNAL_TOO_LARGE, ASK_INVALID
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(data (i32.const 0) "{}")
(func (export "ingest") (result i32)
  (drop (memory.grow (i32.const 31)))
  (memory.fill (i32.const 2) (i32.const 32) (i32.const 1000000))
  (loop $l (drop (call $ask (i32.const 0) (i32.const 1000000))) (br $l))
  (i32.const 0))
