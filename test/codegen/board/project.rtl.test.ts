import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OutputFiles } from "../../../codegen/generate.ts";
import { writeFiles } from "../../../codegen/write.ts";
import { lint, lintTools } from "../../../hw/lint/lint.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { knownBoards } from "../../../src/boards/index.ts";
import { compileModel } from "../../support/compiled.ts";
import { loadModel } from "../../../src/load.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { expectNoWarning, packedBoards } from "./packed.ts";
import { boardProject } from "./project.ts";

const common = ["firebrick.core", "Makefile", "README.md", "board/firebrick_axi.v", "litex/firebrick.py"];
const driver = ["driver/firebrick.c", "driver/firebrick.h"];

describe("files of a board project", () => {
  it.each(knownBoards().map(({ name, vendor }) => [name, vendor] as const))("%s", (name, vendor) => {
    const files = boardProject(name);
    const manifest = JSON.parse(String(files.get("manifest.json"))) as { board: string; files: object };
    const ending = { xilinx: "xdc", "lattice-ice40": "pcf", "lattice-ecp5": "lpf", gowin: "cst" }[vendor];
    const expected = [...common, ...driver, "board/files.f", `board/${name}.${ending}`];
    if (vendor === "xilinx") expected.push("component.xml", "vivado/build.tcl");
    expect(Object.keys(manifest.files)).toEqual(expect.arrayContaining(expected));
    expect(manifest.board).toBe(name);
    // the manifest has the hash of every file
    expect(boardProject(name).get("manifest.json")).toBe(files.get("manifest.json"));
  });

  it("has the device's parts where two products share a DSP block, and their twins for simulation", () => {
    const list = (files: OutputFiles, name: string) => String(files.get(name)).trim().split("\n");
    const folders = { "arty-a7-100t": "xc7", "ultra96-v2": "xcup", "ulx3s-85f": "ecp5" };
    for (const [name, folder] of Object.entries(folders)) {
      const files = boardProject(name, { pk: 8, pc: 8, packed: true });
      expect(list(files, "files.f")).toContain("rtl/dual_product.v");
      expect(list(files, "board/files.f")).toEqual(
        list(files, "files.f").map((path) =>
          path.replace(folder === "xc7" ? /dual_(product|sum)/ : /dual_product/, `${folder}/$&`),
        ),
      );
      expect(list(files, "board/files.f").filter((path) => !files.has(path))).toEqual([]);
      const core = String(files.get("firebrick.core"));
      expect(core.match(/rtl\/.*dual_product.v/g)).toEqual([
        `rtl/${folder}/dual_product.v`,
        "rtl/dual_product.v",
      ]);
    }
  });

  it("does not come without a board", () => {
    const graph = loadModel("mobilenet-v1-0.1-32", { seed: 1, dump: undefined });
    const plain = compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8 }).files;
    expect([...plain.keys()].filter((path) => path.startsWith("board/"))).toEqual([]);
  });
});

// Of 16 lanes: project.campaign.test.ts.
it.each(packedBoards)(
  "two products a DSP block on %s, 8 lanes: Yosys warns of nothing and finds no latch",
  (...board) => expectNoWarning(board, 8),
);

describe("Verilog for AMD's boards", () => {
  const verilog = (name: string) => {
    const project = boardProject(name);
    const paths = [...String(project.get("files.f")).trim().split("\n"), "board/firebrick_axi.v"];
    return new Map(paths.map((path) => [path, String(project.get(path))]));
  };

  // A bus of 64 bits, and one of 128.
  it.each(["pynq-z2", "arty-a7-100t"])("every lint tool takes that for %s", (name) =>
    inTemporaryFolder(async (folder) => {
      const files = verilog(name);
      writeFiles(files, folder);
      const paths = [...files.keys()].map((path) => join(folder, path));
      for (const tool of lintTools) expect(await lint(tool, "firebrick_axi", paths), tool).toBe("");
    }),
  );

  it("is the same but for comments on buses that are alike", () => {
    const code = (name: string) =>
      [...verilog(name)].map(([path, text]) => [path, text.replace(/^\/\/.*$/gm, "")]);
    expect(code("ultra96-v2")).toEqual(code("arty-a7-100t"));
  });
});

describe.each(["pynq-z2", "ultra96-v2", "arty-a7-100t"])("%s", (name) => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "firebrick-project-"));
    writeFiles(boardProject(name), folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has an IP-XACT component with the ports of the Verilog", async () => {
    const script =
      "import sys, xml.etree.ElementTree as t\n" +
      "s = '{http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009}'\n" +
      "r = t.parse(sys.argv[1]).getroot()\n" +
      "print(' '.join(sorted(p.find(s + 'name').text for p in r.iter(s + 'port'))))\n" +
      "print(' '.join(sorted(f.find(s + 'name').text for f in r.iter(s + 'file'))))\n";
    const { stdout } = await execa("python3", ["-c", script, join(folder, "component.xml")]);
    const [ports, files] = stdout.split("\n");
    const verilog = readFileSync(join(folder, "board", "firebrick_axi.v"), "utf8");
    const declared = [...verilog.matchAll(/^ {4}(?:input|output) +wire (?:\[\d+:0\] )?(\w+)/gm)];
    expect(ports?.split(" ")).toEqual(declared.map(([, port]) => port!).sort());
    expect(files?.split(" ").filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  });

  it("has a LiteX module, and a system where no processor is there, that Python compiles", async () => {
    const files = ["firebrick.py", ...(name === "arty-a7-100t" ? ["soc.py", "classify.py"] : [])];
    for (const file of files) {
      const path = join(folder, "litex", file);
      await execa("python3", ["-c", "import sys; compile(open(sys.argv[1]).read(), 'm', 'exec')", path]);
    }
  });

  it("has a make file that make takes", async () => {
    const { stdout } = await execa("make", ["-n", "all"], { cwd: folder });
    expect(stdout).toBe("vivado -mode batch -source vivado/build.tcl");
  });
});

it("the Arty's LiteX system joins every port of the accelerator to registers and memory", () =>
  inTemporaryFolder(async (folder) => {
    writeFiles(boardProject("arty-a7-100t"), folder);
    const stub = packagePath("test", "codegen", "board", "litex-stub.py");
    const { stdout } = await execa("python3", [stub, join(folder, "litex", "soc.py")]);
    const made = JSON.parse(stdout) as {
      ports: Record<string, number>;
      sources: string[];
    };
    const verilog = readFileSync(join(folder, "board", "firebrick_axi.v"), "utf8");
    const declared = [...verilog.matchAll(/^ {4}(input|output) +wire (?:\[(\d+):0\] )?(\w+)/gm)].map(
      ([, direction, left = "0", port]) => [`${direction![0]}_${port}`, Number(left) + 1] as const,
    );
    expect(made.ports).toEqual(Object.fromEntries(declared));
    expect(made).toMatchObject({
      ...{
        module: "firebrick_axi",
        name: "arty_a7_100t",
        run: false,
        variant: "a7-100",
        toolchain: "vivado",
        clock: 100e6,
        ...{ bones: 1, baud: 1_000_000, csr: join(folder, "build", "csr.csv") },
      },
      ...{ slaves: { firebrick: "axi-lite" }, masters: { firebrick: "axi" }, output: join(folder, "build") },
    });
    const listed = readFileSync(join(folder, "board", "files.f"), "utf8")
      .trim()
      .split("\n");
    expect(made.sources).toEqual([...listed, "board/firebrick_axi.v"].map((path) => join(folder, path)));
  }));

describe("the Arty's project in openXC7's open tools", () => {
  const stubs = packagePath("test", "codegen", "board");

  /** Runs `make openxc7` with stand-ins for LiteX and the four tools; `log`: what they were called with. */
  async function makeOpen(folder: string, ...given: string[]) {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const stand = (name: string, script: string): void => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    };
    stand("python3", `exec /usr/bin/python3 ${join(stubs, "litex-stub.py")} "$@"`);
    for (const tool of ["yosys", "nextpnr-xilinx", "fasm2frames", "xc7frames2bit"])
      stand(tool, `exec /usr/bin/python3 ${join(stubs, "openxc7-stub.py")} ${tool} "$@"`);
    const database = join(folder, "prjxray");
    const part = join(database, "artix7", "xc7a100tcsg324-1");
    mkdirSync(part, { recursive: true });
    writeFileSync(join(part, "part.yaml"), "");
    const project = join(folder, "project");
    writeFiles(boardProject("arty-a7-100t"), project);
    const log = join(folder, "log");
    const env = { PATH: `${bin}:/usr/bin:/bin`, PRJXRAY_DB_DIR: database, STUB_LOG: log };
    const run = await execa("make", ["openxc7", ...given], { cwd: project, env, reject: false });
    return { run, project, log: () => readFileSync(log, "utf8").trim().split("\n") };
  }

  it("runs LiteX, yosys, nextpnr-xilinx, fasm2frames and xc7frames2bit, each with the files of the one before", () =>
    inTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, "xc7a100tcsg324.bin"), "");
      const { log, project, run } = await makeOpen(folder, `CHIPDB=${folder}`);
      expect(run.exitCode, run.stderr).toBe(0);
      expect(log()).toEqual([
        "yosys arty_a7_100t",
        "nextpnr-xilinx 100.0 xdc of openxc7",
        "fasm2frames xc7a100tcsg324-1",
        "xc7frames2bit xc7a100tcsg324-1",
      ]);
      const bits = readFileSync(join(project, "build", "firebrick-openxc7.bit"), "utf8");
      expect(bits).toBe("bits of frames of fasm of netlist of v of openxc7\n");
      const again = await execa("make", ["-q", "openxc7", `CHIPDB=${folder}`], { cwd: project });
      expect(again.exitCode).toBe(0);
    }));

  it("says which chip database is missing, and takes a system of one's own", () =>
    inTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, "own.v"), "own");
      writeFileSync(join(folder, "own.xdc"), "own pins");
      const own = [`SOC=${join(folder, "own.v")}`, "SOC_TOP=own", `PINS=${join(folder, "own.xdc")}`];
      const { log, project, run } = await makeOpen(folder, `CHIPDB=${folder}`, ...own);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toContain(`${folder}/xc7a100tcsg324.bin is missing: set CHIPDB`);
      expect(log()).toEqual(["yosys own"]);
      expect(existsSync(join(project, "build", "firebrick-openxc7.bit"))).toBe(false);
    }));

  it("is no part of projects whose memory is a processor's, or for other vendors", () => {
    for (const name of ["pynq-z2", "ultra96-v2", "ulx3s-85f"]) {
      const files = boardProject(name);
      expect(files.has("litex/openxc7.mk")).toBe(false);
      expect(String(files.get("Makefile"))).not.toContain("openxc7");
      expect(String(files.get("README.md"))).not.toContain("openXC7");
    }
    expect(String(boardProject("arty-a7-100t").get("README.md"))).toContain(
      "This project was not run through Vivado, LiteX, openXC7, place and route or a board.",
    );
  });
});

describe.each([
  ["ulx3s-85f", "ulx3s_85f", "lpf", ["yosys", "nextpnr-ecp5", "ecppack"]],
  ["tang-nano-20k", "tang_nano_20k", "cst", ["yosys", "nextpnr-himbaechel", "gowin_pack"]],
] as const)("make of the project for %s", (name, identifier, ending, tools) => {
  it("knows how each file is made, of its own top and of a given one, and has LiteX write another", () =>
    inTemporaryFolder(async (folder) => {
      writeFiles(boardProject(name), folder);
      const soc = join(folder, "litex", "soc.py");
      await execa("python3", ["-c", "import sys; compile(open(sys.argv[1]).read(), 'm', 'exec')", soc]);
      const commands = async (...given: string[]) => {
        const { stdout } = await execa("make", ["-n", ...given], { cwd: folder });
        return stdout.split("\n").filter((line) => !line.startsWith("mkdir"));
      };
      const made = await commands();
      expect(made.map((line) => line.split(" ")[0])).toEqual([...tools]);
      expect(made[0]).toContain(` board/${identifier}.v`);
      expect(made[0]).toContain(" rtl/sdram_axi.v ");
      expect(made[0]).toMatch(new RegExp(`-top ${identifier}\\b`));
      expect(made[1]).toContain(`board/${name}.${ending}`);
      expect(await commands("litex")).toEqual(["python3 litex/soc.py"]);
      writeFileSync(join(folder, "own.v"), "");
      writeFileSync(join(folder, "own.pins"), "");
      const own = await commands("SOC=own.v", "SOC_TOP=own", "PINS=own.pins");
      expect(own.map((line) => line.split(" ")[0])).toEqual([...tools]);
    }));
});

/** Registers as axil_control.v answers them: done three reads after start, cleared by reading. */
const harness = `
#include "firebrick.h"
#include <stdio.h>
#include <string.h>
static uint8_t memory[FB_TOTAL_BYTES];
static uint8_t model[FB_MODEL_BYTES];
static int8_t image[FB_INPUT0_ROWS * FB_INPUT0_WIDTH * FB_INPUT0_CHANNELS];
static int left = -1;
static uint32_t error;
static uint32_t rd(void *c, uint32_t o) {
    (void)c;
    if (o == 0x60u) return error;
    if (o == 0x40u) return 1234u;
    if (o != 0u) return 0u;
    if (left > 0) { left--; return 0u; }
    if (left == 0) { left = -1; return 6u; }
    return 4u;
}
static void wr(void *c, uint32_t o, uint32_t v) {
    (void)c;
    printf("%02x=%x\\n", (unsigned)o, (unsigned)v);
    if (o == 0u) left = 2;
}
int main(void) {
    fb_bus bus = {rd, wr, 0};
    fb_device d;
    model[5] = 77;
    image[FB_INPUT0_CHANNELS * FB_INPUT0_WIDTH] = 9;
    printf("bad=%d\\n", fb_init(&d, bus, memory, 12u));
    printf("init=%d\\n", fb_init(&d, bus, memory, 0x10000000u));
    printf("load=%d,%d\\n", fb_load(&d, model, 3u), fb_load(&d, model, FB_MODEL_BYTES));
    fb_set_input(&d, 0, image);
    printf("placed=%d,%d\\n", memory[FB_MODEL_OFFSET + 5], memory[FB_INPUT_OFFSET + FB_INPUT0_ROW_PITCH]);
    fb_start(&d, 0);
    printf("early=%d\\n", fb_wait(&d, 1u));
    printf("done=%d\\n", fb_wait(&d, 10u));
    printf("cycles=%u\\n", (unsigned)fb_read_counters(&d).cycles);
    for (error = 1u; error < 32u; error *= 2u) {
        fb_start(&d, 1);
        printf("error=%d\\n", fb_wait(&d, 10u));
    }
    fb_stop(&d);
    return 0;
}
`;

describe("the host driver", () => {
  it("compiles without a warning, and places, starts, waits and reports as the registers say", async () => {
    const folder = mkdtempSync(join(tmpdir(), "firebrick-driver-"));
    try {
      writeFiles(boardProject("pynq-z2"), folder);
      writeFileSync(join(folder, "driver", "main.c"), harness);
      const flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-o", "main"];
      await execa("gcc", [...flags, "main.c", "firebrick.c"], { cwd: join(folder, "driver") });
      const { stdout } = await execa(join(folder, "driver", "main"));
      const layout = JSON.parse(readFileSync(join(folder, "memory", "layout.json"), "utf8")) as {
        regions: Record<string, { offset: number; baseRegister: string }>;
      };
      const bases = ["model", "input", "output", "workspace"].map((name) => {
        const region = layout.regions[name]!;
        return `${region.baseRegister.slice(2)}=${(0x10000000 + region.offset).toString(16)}`;
      });
      expect(stdout.split("\n")).toEqual([
        ...["bad=-1", ...bases, "init=0", "68=0", "load=-1,0", "placed=77,9"],
        ...["60=ff", "08=0", "04=0", "00=1", "early=-2", "68=1", "done=0", "cycles=1234"],
        ...[-3, -3, -4, -5, -6].flatMap((code) => ["60=ff", "08=1", "04=1", "00=1", `error=${code}`]),
        "64=1",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
