;; Tries: Writes keys that would change Object.prototype in a host that merges them.
;; Must: done, OUTPUT_INVALID
(data (i32.const 0) "{\22abi\22:1,\22result\22:{\22outcome\22:\22events\22,\22events\22:[{\22event_action\22:\22trigger\22,\22dedup_key\22:\22a\22,\22payload\22:{\22summary\22:\22a\22,\22source\22:\22a\22,\22severity\22:\22info\22,\22custom_details\22:{\22__proto__\22:{\22polluted\22:true},\22constructor\22:{\22prototype\22:{\22polluted\22:true}}}}}]},\22__proto__\22:{\22polluted\22:true}}")
(func (export "ingest") (result i32)
  (call $output_write (i32.const 0) (i32.const 275))
  (i32.const 0))
