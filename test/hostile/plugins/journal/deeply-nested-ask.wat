;; Tries: Asks with JSON that is nested 20,000 times.
;; Must: ASK_INVALID
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(data (i32.const 0) "{\22a\22:")
(func (export "ingest") (result i32)
  (memory.fill (i32.const 5) (i32.const 91) (i32.const 20000))
  (memory.fill (i32.const 20005) (i32.const 93) (i32.const 20000))
  (i32.store8 (i32.const 40005) (i32.const 125))
  (drop (call $ask (i32.const 0) (i32.const 40006)))
  (i32.const 0))
