import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileKernels, type CompiledKernel } from "../../../codegen/hls/compile.ts";
import { rangeOf } from "../../../codegen/hls/format.ts";
import { lint, lintTools } from "../../../hw/lint/lint.ts";
import { benchRandom, verilateModule } from "../../../sim/bench/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

/** Results that are not the function's, at most three: operands of a new call every cycle, each in its stage. */
function differences({ kernel, names, report }: CompiledKernel, file: string): Promise<object[]> {
  return verilateModule({ top: names.top, files: [file], libraries: [] }).then((dut) => {
    const random = benchRandom(5, kernel.name);
    const calls = Array.from({ length: 4000 }, () =>
      kernel.inputs.map(({ format }) => {
        const { low, high } = rangeOf(format);
        const bits = (high - low).toString(2).length;
        return low + random.bits(bits);
      }),
    );
    const wrong: object[] = [];
    for (let cycle = 0; cycle < calls.length + report.latency - 1; cycle++) {
      for (const [i, name] of names.inputs.entries()) {
        const call = calls[cycle - kernel.arrivals[i]! + 1];
        dut.poke(`${name}_i`, call?.[i] ?? 0n);
      }
      dut.step();
      const call = calls[cycle - report.latency + 1];
      if (call === undefined) continue;
      const formats = kernel.inputs.map(({ format }) => format);
      const expected = kernel.run(
        ...call.map((value, i) => (formats[i]!.kind === "bool" ? value === 1n : value)),
      );
      const got = dut.peekSigned("result_o");
      if (got !== expected) wrong.push({ call, expected, got });
    }
    dut.close();
    return wrong.slice(0, 3);
  });
}

describe.each(["requantise", "residual-add"])("%s.ts as a plain pipeline", (name) => {
  it("is clean Verilog that equals its function, with late operands", () =>
    inTemporaryFolder(async (folder) => {
      const kernels = compileKernels(packagePath("hw", "kernels", `${name}.ts`), {
        maxDepth: 8,
        ports: "plain",
      });
      expect(kernels.length).toBeGreaterThan(0);
      for (const compiled of kernels) {
        const { top } = compiled.names;
        const path = join(folder, `${top}.v`);
        writeFileSync(path, compiled.verilog);
        expect(compiled.kernel.arrivals.at(-1)).toBe(compiled.report.latency);
        for (const tool of lintTools) expect(await lint(tool, top, [path])).toBe("");
        expect(await differences(compiled, path)).toEqual([]);
        // One comparison turned round: the bench has to see it.
        writeFileSync(path, compiled.verilog.replace("? low :", "? high :"));
        expect(await differences(compiled, path)).not.toEqual([]);
      }
    }));
});
