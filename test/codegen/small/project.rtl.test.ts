/** The project for the iCEBreaker: its files, and what they say. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { writeFiles } from "../../../codegen/write.ts";
import { lint, lintTools } from "../../../hw/lint/lint.ts";
import { buildProject } from "../../../sim/synth/project.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { compileSmall } from "../../support/compiled.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { sketch } from "../../networks/sketch.ts";
import { standInTools } from "../../support/small-tools.ts";

const board = boardByName("icebreaker");
const network = () =>
  sketch("block", [6, 6, 3])
    .conv(8, { kernel: [3, 3], same: true })
    .graph();

afterEach(() => {
  vi.unstubAllEnvs();
});

it("is the same every time, and whole", () =>
  inTemporaryFolder(async (folder) => {
    const { files } = compileSmall(network(), board);
    expect([...compileSmall(network(), board).files]).toEqual([...files]);
    writeFiles(files, folder);
    const core = parse(String(files.get("firebrick.core")).replace("CAPI=2:", "")) as {
      filesets: { rtl: { files: string[] } };
      targets: { default: { toplevel: string } };
    };
    const listed = readFileSync(join(folder, "files.f"), "utf8").trim().split("\n");
    expect(core.filesets.rtl.files).toEqual(listed);
    expect(core.targets.default.toplevel).toBe("small_system");
    for (const tool of lintTools)
      expect(
        await lint(
          tool,
          "small_system",
          listed.map((file) => join(folder, file)),
        ),
        tool,
      ).toBe("");
    // every pin of the constraints is a port of the top, and the other way round
    const constrained = [...String(files.get("board/icebreaker.pcf")).matchAll(/^set_io (\w+) \d+$/gm)];
    const ports = [
      ...String(files.get("board/icebreaker.v")).matchAll(/^ {4}(?:in|out|inout)\w* +wire (\w+)/gm),
    ];
    expect(constrained.map(([, name]) => name).sort()).toEqual(ports.map(([, name]) => name).sort());
    const manifest = JSON.parse(String(files.get("manifest.json"))) as { top: string; files: object };
    expect(manifest.top).toBe("small_engine");
    expect(Object.keys(manifest.files)).toEqual(expect.arrayContaining(["Makefile", "memory/network.bin"]));
  }));

it("has a host script that packs pictures and reads answers as small_host.v does", () =>
  inTemporaryFolder(async (folder) => {
    writeFiles(compileSmall(network(), board).files, folder);
    const script =
      "import sys; sys.path.insert(0, 'host'); import classify as c\n" +
      "sent = c.request(bytes(range(108)))\n" +
      "print(sent[:6].hex(), len(sent), c.answer(bytes.fromhex('46 0201 fe 78563412')))\n";
    const { stdout } = await execa("python3", ["-B", "-c", script], { cwd: folder });
    expect(stdout).toBe("460324000001 112 (258, -2, 305419896)");
  }));

it("has a host script that names classes by the labels that the network came with", () =>
  inTemporaryFolder(async (folder) => {
    const labels = ["cat", 'a "dog"', "red\nowl"];
    writeFiles(compileSmall({ ...network(), labels }, board).files, folder);
    const script =
      "import sys; sys.path.insert(0, 'host'); import classify as c\n" +
      "print([c.name_of(index) for index in range(4)])\n";
    const { stdout } = await execa("python3", ["-B", "-c", script], { cwd: folder });
    expect(stdout).toBe(`[' cat', ' a "dog"', ' red\\\\u000aowl', '']`);
    rmSync(join(folder, "host", "labels.txt"));
    const unnamed = await execa("python3", ["-B", "-c", script], { cwd: folder });
    expect(unnamed.stdout).toBe("['', '', '', '']");
  }));

it("calls the tools in its Makefile as report --synth does", () =>
  inTemporaryFolder(async (folder) => {
    const tools = join(folder, "tools");
    mkdirSync(tools);
    const calls = standInTools(tools);
    const { files } = compileSmall(network(), board);
    writeFiles(files, folder);
    vi.stubEnv("PATH", `${tools}:/usr/bin:/bin`);
    vi.stubEnv("FIREBRICK_CACHE", join(folder, "cache"));
    await execa("make", ["-s"], { cwd: folder });
    await buildProject(files, board, {});
    const [mapped, placed, packed, ...asked] = calls();
    // up to the files that they write, and where they find the pins
    const common = (call = "") => call.replace(/(; write_| --)json .*$/, "").replace(/ --pcf \S+/, " --pcf");
    expect(asked.map(common)).toEqual([mapped, placed].map(common));
    expect(common(mapped)).toContain("synth_ice40 -top icebreaker");
    expect(common(placed)).toContain("--up5k --package sg48 --freq 24");
    expect(packed).toBe("icepack build/firebrick.asc build/firebrick.bin");
    expect(existsSync(join(folder, "build", "firebrick.bin"))).toBe(true);
  }));
