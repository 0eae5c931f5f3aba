/** The PYNQ driver and its notebook on the verilated accelerator behind a stand-in for `pynq`; the example for Linux without PYNQ. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { quantisePixels } from "../../../src/images/quantise.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { loadModel } from "../../../src/load.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { noise } from "../../networks/accelerator.ts";
import { compileModel } from "../../support/compiled.ts";
import { boardProject } from "./project.ts";
import { buildVerilated } from "./verilated.ts";

let graph: IntGraph;
let folder = "";
let pynq = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firebrick-pynq-"));
  pynq = join(folder, "pynq");
  graph = loadModel("pictures");
  const board = boardByName("pynq-z2");
  writeFiles(compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8, board }).files, folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const logitsOf = (values: Int8Array): number[] => [...runGolden(graph, values).maps.get(graph.logits)!];

describe("under PYNQ", () => {
  let device = "";
  const python = (script: string) =>
    execa("python3", ["-c", script], {
      cwd: pynq,
      env: { DEVICE: device, PYTHONPATH: packagePath("test", "codegen", "board", "pynq-stub") },
    });

  beforeAll(async () => {
    device = await buildVerilated(folder, {
      ...{ name: "pynq-device.so", main: "pynq-device.cpp", pk: 4, shared: true },
    });
    for (const ending of ["bit", "hwh"]) writeFileSync(join(pynq, `firebrick.${ending}`), "");
  });

  it("gives the golden model's values for image after image", async () => {
    const images = [noise(graph, 1), noise(graph, 2)];
    images.forEach((image, index) => {
      writeFileSync(join(pynq, `${index}.bin`), image);
    });
    const { stdout } = await python(
      [
        "import json, numpy, firebrick",
        "from pynq import Overlay",
        "accelerator = Overlay('firebrick.bit').accelerator",
        "accelerator.load()",
        "for index in range(2):",
        "    place = firebrick.INPUTS[0]",
        "    accelerator.set_input(numpy.fromfile(f'{index}.bin', place.dtype))",
        "    accelerator.run()",
        "    counters = accelerator.counters()",
        "    assert sum(counters.values()) == 2 * counters['cycles'], counters",
        "    print(json.dumps(accelerator.get_output().reshape(-1).tolist()))",
      ].join("\n"),
    );
    const above = graph.maps.get(graph.logits)!.dtype === "uint8" ? 128 : 0;
    expect(stdout.split("\n").map((line) => JSON.parse(line) as number[])).toEqual(
      images.map((image) => logitsOf(image).map((value) => value + above)),
    );
  });

  it("says what the error register says", async () => {
    const load = "import firebrick\nfrom pynq import Overlay\na = Overlay('firebrick.bit').accelerator\n";
    const wrong = `${load}model = bytearray(open('../memory/model.bin', 'rb').read())\nmodel[0] ^= 1\na.load(bytes(model))\na.run()`;
    await expect(python(wrong)).rejects.toThrow(/RuntimeError: program: header or check/);
    // as the registers have a read of rows, refused, and a write outside of its region
    const { stdout } = await python(
      `${load}a.read = {0x70: 0x302, 0x74: 0x40}.get\nprint(a.describe(1))\nprint(a.describe(128))`,
    );
    expect(stdout.split("\n")).toEqual([
      "read response: rows of block 3 at 0x00000040 with SLVERR",
      "write outside its region, not done: rows of block 3 at 0x00000040",
    ]);
    await expect(python(`${load}a.load(b'1234')`)).rejects.toThrow(/ValueError: the model has 4 bytes, not/);
  });

  it("has a notebook that classifies a picture, cell by cell", async () => {
    const { channels, height, width } = graph.maps.get(graph.input)!;
    const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 37) % 256);
    writeFileSync(join(pynq, "picture.bin"), pixels);
    const values = quantisePixels(pixels, graph.maps.get(graph.input)!, graph.preprocess!);
    const logits = logitsOf(values);
    const best = logits.indexOf(Math.max(...logits));
    interface Notebook {
      nbformat: number;
      cells: { cell_type: string; source: string[] }[];
    }
    const { cells, nbformat } = JSON.parse(readFileSync(join(pynq, "classify.ipynb"), "utf8")) as Notebook;
    expect(nbformat).toBe(4);
    const code = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source.join(""));
    // Pillow comes with PYNQ; here a picture of the right size is its pixels
    const pillow = [
      "import sys, types, numpy",
      "class Image:",
      "    def open(path): return Image()",
      "    def convert(self, mode): assert mode == 'RGB'; return self",
      `    def resize(self, size): assert size == (${width}, ${height}); return numpy.fromfile('picture.bin', 'u1').reshape(${height}, ${width}, ${channels})`,
      "sys.modules['PIL'] = types.SimpleNamespace(Image=Image)",
    ];
    const { stdout } = await python([...pillow, ...code].join("\n"));
    const above = graph.maps.get(graph.logits)!.dtype === "uint8" ? 128 : 0;
    expect(stdout).toMatch(
      new RegExp(
        `^class ${best} \\(${graph.labels![best]}\\), value ${logits[best]! + above}, \\d+\\.\\d\\d ms\n`,
      ),
    );
    expect(stdout).toContain("'cycles': ");
  });
});

it("has an example for Linux, which compiles and reads class and value out of memory", async () => {
  await execa("make", ["linux"], { cwd: folder });
  const { channels, height, width } = graph.maps.get(graph.input)!;
  writeFileSync(join(folder, "p.bin"), new Uint8Array(height * width * channels).fill(7));
  const program = join(folder, "build", "classify");
  const device = ["registers", "ram@0x10000000", "memory/model.bin", "p.bin"];
  const missing = await execa(program, device, { cwd: folder, reject: false });
  expect([missing.exitCode, missing.stderr]).toEqual([1, "registers: No such file or directory"]);
  // files in place of devices, and beside them somebody who does what the accelerator does
  const layout = JSON.parse(readFileSync(join(folder, "memory", "layout.json"), "utf8")) as {
    regions: { output: { offset: number } };
  };
  const script = [
    "import mmap, subprocess, sys, time",
    "for name, size in (('registers', 4096), ('ram', 1 << 20)): open(name, 'wb').write(bytes(size))",
    "files = [open(name, 'r+b') for name in ('registers', 'ram')]",
    "maps = [mmap.mmap(file.fileno(), 0) for file in files]",
    `run = subprocess.Popen([${[program, ...device].map((word) => JSON.stringify(word)).join(", ")}], stdout=subprocess.PIPE)`,
    "while maps[0][0] != 1: time.sleep(0.001)",
    "assert int.from_bytes(maps[0][0x1c:0x20], 'little') > 0x10000000",
    `maps[1][${layout.regions.output.offset} + 2] = 99`,
    "maps[0][0x60:0x64] = bytes(4)",
    "maps[0][0x40:0x44] = (1234).to_bytes(4, 'little')",
    "maps[0][0] = 2",
    "print(run.communicate()[0].decode(), end='')",
  ];
  const { stdout } = await execa("python3", ["-c", script.join("\n")], { cwd: folder });
  const above = graph.maps.get(graph.logits)!.dtype === "uint8" ? 128 : 0;
  expect(stdout).toBe(`class 2, logit ${99 + above}, 1234 cycles`);
});

it.each(["ultra96-v2", "kv260"])("%s has the same files", (name) => {
  const paths = [...boardProject(name).keys()];
  expect(paths).toEqual(
    expect.arrayContaining(["pynq/firebrick.py", "pynq/classify.ipynb", "linux/classify.c"]),
  );
  expect([...boardProject("arty-a7-100t").keys()].filter((path) => /^(?:pynq|linux)\//.test(path))).toEqual(
    [],
  );
});
