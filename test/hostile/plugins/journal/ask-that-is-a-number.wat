;; Tries: Asks with JSON that is no object.
;; Must: ASK_INVALID
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(data (i32.const 0) "42")
(func (export "ingest") (result i32)
  (drop (call $ask (i32.const 0) (i32.const 2)))
  (i32.const 0))
