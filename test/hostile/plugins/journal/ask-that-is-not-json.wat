;; Tries: Asks with bytes that are no JSON.
;; Must: ASK_INVALID
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(func (export "ingest") (result i32)
  (drop (call $ask (i32.const 0) (i32.const 8)))
  (i32.const 0))
