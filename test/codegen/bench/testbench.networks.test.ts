/** The testbench of a project, run as a user does: `make` alone, in a folder of its own. */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { buildNetwork } from "../../../src/ir/builder.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { planAccelerator } from "../../../src/targets/index.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { logitsOf, topK } from "../../../src/golden/logits.ts";
import { testPicture } from "../../../src/targets/test-picture.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { seededInteger } from "../../networks/hardware.ts";

/** Names that would end a string of Verilog, or a format. */
const labels = ['a "quoted" one', "100 %d", "back\\slash", "", "five"];

function network(kinds: "all" | "plain"): IntGraph {
  const b = buildNetwork("bench", { height: 9, width: 7, channels: 3 });
  const first = b.conv('first "%s"', b.input, 8, { kernel: 3, activation: "relu" });
  const depthwise = b.depthwise("depthwise", first, { kernel: 3, activation: "relu" });
  const point = b.conv("point", depthwise, 12, { kernel: 1, activation: "relu" });
  const wide =
    kinds === "plain"
      ? point
      : b.maxPool(
          "half",
          b.concat("both", [point, b.conv("other", first, 5, { kernel: 3, activation: "relu" })]),
          {
            kernel: 2,
            stride: 2,
            rounding: "ceil",
          },
        );
  const last = b.conv("last", wide, 5, { kernel: 1 });
  b.globalAverage("average", last);
  return { ...seededInteger(b.finish(), 5), labels };
}

/** Runs make without a way to Node. */
async function make(folder: string, ...targets: string[]) {
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: tmpdir() };
  return execa("make", ["-s", ...targets], { cwd: folder, env, extendEnv: false, reject: false });
}

/** The class that the golden model gives the testbench's own picture. */
function classOf(graph: IntGraph): string {
  const [best] = topK(logitsOf(runGolden(graph, testPicture(graph))), 1, graph.labels);
  return `class ${best!.index}: ${best!.label}`;
}

describe("make sim of the array", () => {
  it("passes in both simulators, and fails where a Verilog file or a value is wrong", () =>
    inTemporaryFolder(async (folder) => {
      const graph = network("all");
      writeFiles(planAccelerator(graph, { array: { pk: 4, pc: 8 } }).project(), folder);
      const passed = await make(folder, "sim");
      expect(passed.stderr).toBe("");
      const lines = passed.stdout.split("\n");
      const summary = expect.stringMatching(/^\d+ values of \d+ maps are as expected, \d+ cycles$/) as string;
      const result = [classOf(graph), summary, "PASS"];
      expect(lines).toEqual(["Verilator:", ...result, "Icarus Verilog:", ...result]);

      const pool = join(folder, "rtl", "max_pool.v");
      const text = readFileSync(pool, "utf8");
      const broken = text.replace(/\$signed\((\w+\[[^\]]*\])\) > \$signed/, "$signed($1) < $signed");
      expect(broken).not.toBe(text);
      writeFileSync(pool, broken);
      const failed = await make(folder, "sim-icarus");
      expect(failed.stdout).toMatch(
        /\nlayer half\/0 \(with depthwise, point\), row 0, column 0, channel \d+: expected -?\d+, is -?\d+\nFAIL$/,
      );
      expect(failed.exitCode).toBe(2);
      writeFileSync(pool, text);

      // The second value of the last map, the average: its line is the last one.
      const expected = join(folder, "sim", "expected.hex");
      const maps = runGolden(graph, testPicture(graph)).maps;
      const value = maps.get(graph.logits)![1]!;
      const digits = (values: readonly number[]) =>
        values
          .map((one) => (one & 255).toString(16).padStart(2, "0"))
          .reverse()
          .join("");
      const last = [...maps.get(graph.logits)!];
      const hex = readFileSync(expected, "utf8");
      expect(hex.replaceAll("\n", "")).toContain(digits(last));
      const other = value === 127 ? 126 : value + 1;
      writeFileSync(expected, hex.replace(digits(last), digits(last.with(1, other))));
      expect((await make(folder, "sim-icarus")).stdout).toContain(
        `\nlayer average, row 0, column 0, channel 1: expected ${other}, is ${value}\nFAIL`,
      );
    }));
});

describe("make sim of an array with a scratchpad", () => {
  it("compares the maps on the chip too", () =>
    inTemporaryFolder(async (folder) => {
      const graph = network("all");
      const buffers = { mapBytes: 4096, keptWords: 4096 };
      writeFiles(planAccelerator(graph, { array: { pk: 4, pc: 8 }, buffers }).project(), folder);
      const { stderr, stdout } = await make(folder, "sim");
      expect(stderr).toBe("");
      const summary = expect.stringMatching(/^\d+ values of \d+ maps are as expected, \d+ cycles$/) as string;
      const result = [classOf(graph), summary, "PASS"];
      expect(stdout.split("\n")).toEqual(["Verilator:", ...result, "Icarus Verilog:", ...result]);
      const writer = join(folder, "rtl", "row_writer.v");
      const text = readFileSync(writer, "utf8");
      const broken = text.replace("chip_data_q <= beat_data;", "chip_data_q <= ~beat_data;");
      expect(broken).not.toBe(text);
      writeFileSync(writer, broken);
      const failed = await make(folder, "sim-icarus");
      expect(failed.stdout).toMatch(
        /\nlayer first _%s_, row 0, column 0, channel 0: expected -?\d+, is -?\d+\nFAIL$/,
      );
      expect(failed.exitCode).toBe(2);
    }));
});

describe("make sim of the small engine", () => {
  it("passes in both simulators, and fails where a Verilog file is wrong", () =>
    inTemporaryFolder(async (folder) => {
      const graph = network("plain");
      writeFiles(planAccelerator(graph, { board: boardByName("icebreaker") }).project(), folder);
      const { stderr, stdout } = await make(folder, "sim");
      expect(stderr).toBe("");
      const summary = expect.stringMatching(/^\d+ values of 5 layers are as expected, \d+ cycles$/) as string;
      const result = [classOf(graph), summary, "PASS"];
      expect(stdout.split("\n")).toEqual(["Verilator:", ...result, "Icarus Verilog:", ...result]);
      const results = join(folder, "rtl", "small_results.v");
      const text = readFileSync(results, "utf8");
      writeFileSync(results, text.replace(/(\.min_i +)\(min_i\)/, "$1(max_i)"));
      const failed = await make(folder, "sim-icarus");
      expect(failed.stdout).toMatch(
        /\nlayer first _%s_, row 0, column 0, channel 0: expected -?\d+, is -?\d+\nFAIL$/,
      );
      expect(failed.exitCode).toBe(2);
    }));
});
