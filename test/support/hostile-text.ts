/** Names that attack the languages they reach. */
export const hostileTexts = [
  'x\n  initial begin $c("system(\\"touch pwned\\");"); end //',
  "*/ system(0); /*",
  "]]> --> <script>alert(1)</script> <!-- \" ' &",
  "$(touch pwned) `touch pwned` ; touch pwned #",
  "[exec touch pwned] $env(HOME) } { \\",
  'a: "b"\n- c: &d !!python/object/apply:os.system [x] # e',
  "{{title}} {{{model}}} ${name} #{x} %s %n",
  "__proto__",
  "\u001b[2J\r\u0007\u0000\u009b31m\u202e\ud800",
  '`include "/etc/passwd" `define top',
] as const;
