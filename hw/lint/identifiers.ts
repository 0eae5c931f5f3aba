import { isReserved, verilogKeywords } from "../../codegen/keywords.ts";

/**
 * What is wrong with the names in a file of Verilog-2005, one line each: what SystemVerilog and VHDL
 * reserve, for tools that read those, and names that differ in case alone, which are one name for VHDL and a warning elsewhere.
 */
export function badIdentifiers(verilog: string): readonly string[] {
  const names = identifiers(verilog);
  const first = new Map<string, string>();
  const twins = names.flatMap((name) => {
    const other = first.get(name.toLowerCase());
    if (other === undefined) first.set(name.toLowerCase(), name);
    return other === undefined ? [] : [`${other} and ${name} differ in case alone`];
  });
  return [
    ...names.filter(isReserved).map((name) => `${name} is reserved in SystemVerilog or VHDL`),
    ...twins,
  ];
}

/** Every name once. Without those behind a dot, which another module has declared, maybe one of a vendor's. */
function identifiers(verilog: string): readonly string[] {
  const code = verilog.replace(
    /\/\/.*|\/\*[^]*?\*\/|"(?:\\.|[^"\\])*"|`\w+|\$\w+|'s?[bodh][0-9a-f_xz]+/gi,
    " ",
  );
  const found = [...code.matchAll(/(?<![\w$.])[a-z_][\w$]*/gi)].map(([name]) => name);
  return [...new Set(found)].filter((name) => !verilogKeywords.has(name));
}
