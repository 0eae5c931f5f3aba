/** Names that came with a model, made fit for Verilog: the only place where they are cleaned. */

/** Longer names make waveforms and reports unreadable. */
const longest = 48;

/** Words of Verilog-2005, and of SystemVerilog because most tools read both. */
const reserved = new Set(
  (
    "always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign default defparam " +
    "design disable edge else end endcase endconfig endfunction endgenerate endmodule endprimitive endspecify " +
    "endtable endtask event for force forever fork function generate genvar highz0 highz1 if ifnone incdir include " +
    "initial inout input instance integer join large liblist library localparam macromodule medium module nand " +
    "negedge nmos nor noshowcancelled not notif0 notif1 or output parameter pmos posedge primitive pull0 pull1 " +
    "pulldown pullup pulsestyle_ondetect pulsestyle_onevent rcmos real realtime reg release repeat rnmos rpmos rtran " +
    "rtranif0 rtranif1 scalared showcancelled signed small specify specparam strong0 strong1 supply0 supply1 table " +
    "task time tran tranif0 tranif1 tri tri0 tri1 triand trior trireg unsigned use uwire vectored wait wand weak0 " +
    "weak1 while wire wor xnor xor accept_on alias always_comb always_ff always_latch assert assume before bind bins " +
    "binsof bit break byte chandle checker class clocking const constraint context continue cover covergroup " +
    "coverpoint cross dist do endchecker endclass endclocking endgroup endinterface endpackage endprogram " +
    "endproperty endsequence enum eventually expect export extends extern final first_match foreach forkjoin global " +
    "iff ignore_bins illegal_bins implements implies import inside int interconnect interface intersect join_any " +
    "join_none let local logic longint matches modport nettype new nexttime null package packed priority program " +
    "property protected pure rand randc randcase randsequence ref reject_on restrict return s_always s_eventually " +
    "s_nexttime s_until s_until_with sequence shortint shortreal soft solve static string strong struct super " +
    "sync_accept_on sync_reject_on tagged this throughout timeprecision timeunit type typedef union unique unique0 " +
    "until until_with untyped var virtual void wait_order weak wildcard with within"
  ).split(" "),
);

/** A legal, unique identifier for each name, in order. Unique without regard to case: some tools and file systems have none. */
export function verilogNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = legalName(name);
    let candidate = base;
    for (let number = 2; taken.has(candidate.toLowerCase()); number += 1) candidate = `${base}_${number}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

function legalName(name: string): string {
  const clean = name
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(-longest)
    .replace(/^_+/, "");
  if (clean === "") return "unnamed";
  return /^[0-9]/.test(clean) || reserved.has(clean) ? `n_${clean}` : clean;
}

/** True for what every tool takes for a name. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !reserved.has(text.toLowerCase());
}
