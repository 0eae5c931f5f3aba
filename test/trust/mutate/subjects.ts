/** What is mutated, and the tests that have to notice. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { packagePath } from "../../../src/platform/package.ts";
import type { Mutant } from "./mutant.ts";
import { typescriptMutants } from "./typescript.ts";
import { verilogMutants } from "./verilog.ts";

export type Language = "Verilog" | "TypeScript";

export interface Subject {
  readonly language: Language;
  /** From the project's folder. */
  readonly file: string;
  readonly tests: readonly string[];
  readonly project: "rtl" | "unit";
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

/** Modules whose bench takes seconds; those of the others take minutes a mutant. */
const MODULES = [
  "axi_read_arbiter",
  "axil_control",
  "burst_splitter",
  "delay_line",
  "image_done",
  "image_keep",
  "image_stop",
  "line_write",
  "max_pool",
  "program_loader",
  "region_bases",
  "residual_add",
  "row_address",
  "store_address",
  "sync_fifo",
  "table_lookup",
  "token_step",
  "uart_rx",
  "uart_tx",
  "weight_release",
];

/** Folders of arithmetic, schedule and generated code, whose files have tests of the same name. */
const FOLDERS = [
  "src/golden",
  "src/products",
  "src/3-quantise",
  "src/4-schedule",
  "src/2-passes",
  "src/compress",
  "src/format",
  "codegen",
];

export function subjects(): readonly Subject[] {
  const read = (file: string) => readFileSync(packagePath(...file.split("/")), "utf8");
  const modules = MODULES.map((name): Subject => {
    const file = `hw/rtl/${name}.v`;
    const source = read(file);
    const tests = [`test/rtl/${name}.test.ts`];
    return { language: "Verilog", file, tests, project: "rtl", source, mutants: verilogMutants(source) };
  });
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(packagePath(...folder.split("/"))).flatMap((name): Subject[] => {
      const test = `${folder.replace(/^src\//, "test/")}/${basename(name, ".ts")}.test.ts`.replace(
        /^codegen/,
        "test/codegen",
      );
      if (!name.endsWith(".ts") || !existsSync(packagePath(...test.split("/")))) return [];
      const file = `${folder}/${name}`;
      const source = read(file);
      return [
        {
          language: "TypeScript",
          file,
          tests: [test],
          project: "unit",
          source,
          mutants: typescriptMutants(source),
        },
      ];
    }),
  );
  return [...modules, ...files].filter(
    ({ mutants, tests }) =>
      mutants.length > 0 && tests.every((test) => existsSync(packagePath(...test.split("/")))),
  );
}
