;; Tries: Asks for request after request without waiting for one.
;; Must: ASKS_EXCEEDED
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(data (i32.const 0) "{}")
(func (export "ingest") (result i32)
  (loop $l (drop (call $ask (i32.const 0) (i32.const 2))) (br $l))
  (i32.const 0))
