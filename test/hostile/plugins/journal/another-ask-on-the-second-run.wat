;; Tries: Asks for something else once it has an answer.
;; Must: NON_DETERMINISTIC
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(data (i32.const 0) "{\22a\22:1}{\22a\22:2}")
(func (export "ingest") (result i32)
  (drop (call $ask (select (i32.const 0) (i32.const 7) (i32.eq (call $batch_length) (i32.const -1))) (i32.const 7)))
  (i32.const 0))
