;; Tries: Asks with bytes that are no text.
;; Must: ASK_INVALID
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(data (i32.const 0) "{\22a\22:\22\ff\22}")
(func (export "ingest") (result i32)
  (drop (call $ask (i32.const 0) (i32.const 9)))
  (i32.const 0))
