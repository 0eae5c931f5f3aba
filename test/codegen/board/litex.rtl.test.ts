/** The Arty's host program on the verilated accelerator behind a stand-in for LiteX's bridge. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { loadModel } from "../../../src/load.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { noise } from "../../networks/accelerator.ts";
import { compileModel } from "../../support/compiled.ts";
import { boardProject } from "./project.ts";
import { buildVerilated } from "./verilated.ts";

it("classifies over LiteX's bridge, with the golden model's class and logit", () =>
  inTemporaryFolder(async (folder) => {
    const graph = loadModel("pictures");
    const board = boardByName("arty-a7-100t");
    writeFiles(compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8, board }).files, folder);
    const device = await buildVerilated(folder, {
      ...{ name: "pynq-device.so", main: "pynq-device.cpp", pk: 4, shared: true },
    });
    const layout = JSON.parse(readFileSync(join(folder, "memory", "layout.json"), "utf8")) as {
      regions: Record<string, { offset: number; bytes: number }>;
    };
    const end = Math.max(...Object.values(layout.regions).map(({ bytes, offset }) => offset + bytes));
    const above = (map: number) => (graph.maps.get(map)!.dtype === "uint8" ? 128 : 0);
    const images = [noise(graph, 1), noise(graph, 2)];
    images.forEach((image, index) => {
      writeFileSync(
        join(folder, `${index}.bin`),
        Uint8Array.from(image, (value) => value + above(graph.input)),
      );
    });
    /** Programs one after the other on the same board: their arguments. */
    const classify = (...runs: readonly string[][]) =>
      execa(
        "python3",
        ["-c", `import classify\nfor words in ${JSON.stringify(runs)}: classify.main(words)`],
        {
          cwd: folder,
          reject: false,
          env: {
            DEVICE: device,
            MEMORY_BYTES: String(Math.ceil(end / 4096) * 4096),
            PYTHONPATH: `${packagePath("test", "codegen", "board", "litex-host-stub")}:${join(folder, "litex")}`,
          },
        },
      );
    const { stderr, stdout } = await classify(["--model", "memory/model.bin"], ["0.bin"], ["1.bin"]);
    const expected = images.map((image) => {
      const logits = [...runGolden(graph, image).maps.get(graph.logits)!];
      const best = logits.indexOf(Math.max(...logits));
      const value = logits[best]! + above(graph.logits);
      return expect.stringMatching(
        new RegExp(`^class ${best} ${graph.labels![best]}, logit ${value}, \\d+ cycles$`),
      ) as string;
    });
    expect(stderr).toBe("");
    expect(stdout.split("\n")).toEqual(["the board has the model", ...expected]);

    expect((await classify(["0.bin"])).stderr).toMatch(/^program: header or check.*: was the model sent\?$/);
    // as the registers have a read of rows, refused
    const { stdout: told } = await execa(
      "python3",
      ["-c", "import firebrick_errors\nprint(firebrick_errors.describe(1, 0x302, 0x40))"],
      { cwd: join(folder, "litex") },
    );
    expect(told).toBe("read response: rows of block 3 at 0x00000040 with SLVERR");
    expect((await classify(["--model", "0.bin"])).stderr).toMatch(/^the model has \d+ bytes, not \d+$/);
  }));

it("is no part of projects with a host of their own", () => {
  for (const name of ["pynq-z2", "ulx3s-85f", "tang-nano-20k"])
    expect([...boardProject(name).keys()]).not.toContain("litex/classify.py");
});
