/** Products onto the multipliers of Gowin's DSP blocks, where synth_gowin of Yosys 0.23 and 0.55 puts none. */

/** Files of hw/yosys that the commands read. */
export const GOWIN_LIBRARY = ["gowin_cells.v", "gowin_dsp_map.v"] as const;

/** Bits of the multipliers, widest first, and the least bits of operands that are worth one. */
const multipliers = [
  { bits: 36, a: 19, b: 19 },
  { bits: 18, a: 10, b: 4 },
  { bits: 9, a: 5, b: 4 },
] as const;

/**
 * Yosys commands between `hierarchy -top` and `synth_gowin -run coarse:`. `folder`: where GOWIN_LIBRARY lies, "" or with a
 * slash at its end.
 */
export function gowinProducts(folder: string): readonly string[] {
  const maps = multipliers.flatMap(({ a, b, bits }) => {
    const sizes = `-D DSP_A_MAXWIDTH=${bits} -D DSP_B_MAXWIDTH=${bits} -D DSP_A_MINWIDTH=${a} -D DSP_B_MINWIDTH=${b}`;
    return [
      `techmap -map +/mul2dsp.v -map ${folder}gowin_dsp_map.v ${sizes} -D DSP_NAME=\\$__FIREBRICK_MUL${bits}X${bits}`,
      "chtype -set $mul t:$__soft_mul",
    ];
  });
  return [
    `read_verilog -lib ${folder}gowin_cells.v`,
    "synth_gowin -run begin:coarse",
    "opt_expr",
    "opt_clean",
    "wreduce",
    ...maps,
  ];
}
