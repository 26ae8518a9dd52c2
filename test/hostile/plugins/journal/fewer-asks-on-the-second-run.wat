;; Tries: Takes an answer without asking for it again.
;; Must: NON_DETERMINISTIC
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(data (i32.const 0) "{}")
(func (export "ingest") (result i32)
  (if (i32.eq (call $batch_length) (i32.const -1))
    (then (drop (call $ask (i32.const 0) (i32.const 2))))
    (else (call $batch_read (i32.const 100))))
  (i32.const 0))
