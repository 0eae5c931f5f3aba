import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { boardByName, knownBoards } from "../../../src/boards/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { boardProject } from "./project.ts";

const stub = packagePath("test", "codegen", "board", "vivado-stub.tcl");
const boards = knownBoards().filter(({ vendor }) => vendor === "xilinx");

describe.each(boards.map(({ name }) => name))("Vivado script of %s", (name) => {
  let folder = "";
  let script = "";
  const run = async (text = script): Promise<string> => {
    const path = join(folder, "vivado", "build.tcl");
    writeFileSync(path, text);
    const { all } = await execa("tclsh", [stub, path], { reject: false, all: true });
    return all;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "firebrick-vivado-"));
    writeFiles(boardProject(name), folder);
    script = readFileSync(join(folder, "vivado", "build.tcl"), "utf8");
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("runs, with files that exist, and ends in a platform or a checkpoint", async () => {
    const calls = (await run()).trim().split("\n");
    const board = boardByName(name);
    expect(calls[0]).toMatch(/^create_project firebrick \S+ -part \S+ -force$/);
    expect(calls[0]).toContain(`-part ${board.part}`);
    const listed = calls.filter((call) => call.startsWith("add_files")).join(" ");
    const paths = readFileSync(join(folder, "board", "files.f"), "utf8")
      .trim()
      .split("\n");
    expect(paths.filter((path) => !listed.includes(path))).toEqual([]);
    const last =
      board.memory?.controller === "ps" ? /^write_hw_platform .*firebrick\.xsa$/ : /^write_checkpoint /;
    expect(calls.at(-1)).toMatch(last);
  });

  it("takes negative slack for an error, before anything is handed out", async () => {
    const isPs = boardByName(name).memory?.controller === "ps";
    for (const kind of isPs ? ["max", "min"] : ["max"]) {
      const env = { [`STUB_SLACK_${kind}`]: "-0.051" };
      const path = join(folder, "vivado", "build.tcl");
      const run = await execa("tclsh", [stub, path], { reject: false, env });
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain(`${kind} slack of -0.051 ns: vivado/timing.txt has the path`);
      expect(run.stdout).not.toMatch(/write_(?:hw_platform|checkpoint)/);
    }
  });

  it("puts bitstream, handoff and model beside the PYNQ driver", async () => {
    if (boardByName(name).memory?.controller !== "ps") return;
    await run();
    for (const file of ["firebrick.bit", "firebrick.hwh", "firebrick.py"])
      expect(existsSync(join(folder, "pynq", file)), file).toBe(true);
    expect(readFileSync(join(folder, "pynq", "model.bin"))).toEqual(
      readFileSync(join(folder, "memory", "model.bin")),
    );
  });

  it.each([
    [/update_compile_order -fileset/, "update_compile_order -set", "has no option -set"],
    [/board\/?\s?firebrick_axi\.v/, "board firebrick.v", "no file"],
    [/report_utilization/, "report_utilisation", "Vivado has no command report_utilisation"],
  ])("would not run with %s as %s", async (from, to, message) => {
    const broken = script.replace(from, to);
    expect(broken).not.toBe(script);
    expect(await run(broken)).toContain(message);
  });
});

it("connects only pins that there are", async () => {
  const folder = mkdtempSync(join(tmpdir(), "firebrick-vivado-"));
  try {
    writeFiles(boardProject("pynq-z2"), folder);
    const path = join(folder, "vivado", "build.tcl");
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace("accelerator/done_interrupt", "accelerator/interrupt"),
    );
    const { stderr } = await execa("tclsh", [stub, path], { reject: false });
    expect(stderr).toContain("cell accelerator has no pin interrupt");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
