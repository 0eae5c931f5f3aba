/** Proofs by Yosys and z3: bounded from reset, and by induction. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { packagePath } from "../../../src/platform/package.ts";
import { formalFiles, type Proof } from "./proofs.ts";

export interface Proved {
  readonly holds: boolean;
  readonly seconds: number;
  /** What the solver said last, of a proof that fails. */
  readonly said: string;
}

const SECONDS = 300;

/** `changed`: modules of hw/rtl in another version, by name of the file, to see that a proof fails. */
export async function prove(proof: Proof, changed: Readonly<Record<string, string>> = {}): Promise<Proved> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "firebrick-formal-"));
  try {
    const said = await run(proof, changed, folder);
    return { holds: said === "", seconds: (performance.now() - started) / 1000, said };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(proof: Proof, changed: Readonly<Record<string, string>>, folder: string): Promise<string> {
  const rtl = readdirSync(packagePath("hw", "rtl")).filter((name) => name.endsWith(".v"));
  for (const [name, text] of Object.entries(changed)) writeFileSync(join(folder, name), text);
  const verilog = rtl.map((name) => (name in changed ? join(folder, name) : packagePath("hw", "rtl", name)));
  const properties = [...formalFiles()];
  if (proof.verilog !== undefined) {
    const file = join(folder, "contract.sv");
    writeFileSync(file, proof.verilog);
    properties.push(file);
  }
  const model = join(folder, "model.smt2");
  const script = [
    `read_verilog -formal -sv ${properties.join(" ")}`,
    `read_verilog -defer ${verilog.join(" ")}`,
    `hierarchy -check -top ${proof.top}`,
    "proc; opt_clean; memory -nomap; memory_map",
    // Assertions name registers of the module: flattening joins the two.
    "flatten; opt -full; async2sync; dffunmap; opt_clean; check",
    `write_smt2 -wires ${model}`,
  ];
  await execa("yosys", ["-q", "-p", script.join("; ")]);
  // Without a state that the assumptions allow, everything would hold.
  const bounded = await solve(["-t", String(proof.depth), "--presat", model]);
  if (bounded !== "" || !proof.forever) return bounded;
  return solve(["-t", String(proof.depth), "-i", model]);
}

/** What was said last of what does not hold; "" where it does. */
async function solve(args: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await execa("yosys-smtbmc", ["-s", "z3", ...args], {
    reject: false,
    timeout: 1000 * SECONDS,
  });
  if (exitCode === 0) return "";
  const failed = stdout.split("\n").filter((line) => /Assert failed|failed!|unsat/i.test(line));
  return (failed.at(-1) ?? `no answer within ${SECONDS} seconds`).replace(/^##\s+\S+\s+/, "");
}
