import { describe, expect, it } from "vitest";
import { runDoctor } from "../../src/cli/doctor.ts";
import { MissingToolError } from "../../src/ir/errors.ts";
import type { Run } from "../../src/setup/tools.mjs";
import { recordingIo } from "./helper.ts";

const outputs: Readonly<Record<string, string>> = {
  verilator: "Verilator 5.006 2023-01-22",
  "g++": 'g++ 12.2.0\nfirebrick_zlib\n"1.2.13"',
  make: "GNU Make 4.3",
  iverilog: "Icarus Verilog version 11.0",
  yosys: "Yosys 0.23 (git)",
  z3: "Z3 version 4.8.12 - 64 bit",
  tclsh: "Tcl 8.6.13",
  python3: "Python 3.11.2",
  chromium: "Chromium 156.0.8078.73 built on Debian",
  "nextpnr-ice40": "nextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1+b1)",
  "dpkg-query": "fpga-icestorm\t0~20230218gitd20a5e9-1~deb12u1",
  "/usr/sbin/slurmctld": "slurm-wlm 22.05.8",
  "/usr/sbin/slurmd": "slurm-wlm 22.05.8",
};

/** A machine without the named programs. */
const machineWithout =
  (...missing: readonly string[]): Run =>
  (command) => {
    const output = missing.includes(command) ? undefined : outputs[command];
    return Promise.resolve(output === undefined ? null : { status: 0, output });
  };

describe("doctor", () => {
  it("lists every tool with the version that it found", async () => {
    const { io, outcome } = recordingIo();
    await runDoctor({ json: true }, io, machineWithout());
    const { tools } = JSON.parse(outcome(0).stdout) as {
      tools: { name: string; version: string; ok: boolean }[];
    };
    expect(tools.map(({ name, version, ok }) => `${name} ${version} ${ok}`)).toEqual([
      "verilator 5.006 true",
      "g++ 12.2.0 true",
      "make 4.3 true",
      "zlib 1.2.13 true",
      "iverilog 11.0 true",
      "yosys 0.23 true",
      "z3 4.8 true",
      "tclsh 8.6 true",
      "python3 3.11 true",
      "chromium 156.0 true",
      ...(process.platform === "linux"
        ? [
            "nextpnr-ice40 0.4 true",
            "fpga-icestorm 20230218 true",
            "slurmctld 22.05 true",
            "slurmd 22.05 true",
          ]
        : []),
    ]);
  });

  it("prints the table, then names what is missing with the install command", async () => {
    const { io, outcome } = recordingIo();
    const run = runDoctor({ json: false }, io, machineWithout("verilator", "make", "yosys"));
    await expect(run).rejects.toThrow(MissingToolError);
    await expect(run).rejects.toThrow(
      "verilator, make is not installed. Install it with: " +
        "sudo apt-get install -y --no-install-recommends verilator make (Debian, Ubuntu); " +
        "xcode-select --install && brew install verilator (macOS)",
    );
    expect(outcome(3).stdout).toMatch(/yosys +│ missing +│ report --synth, explore --synth/);
  });

  it("ends well without what only the tests need", async () => {
    const { io, outcome } = recordingIo();
    await runDoctor({ json: false }, io, machineWithout("yosys"));
    expect(outcome(0).stdout).toMatch(/yosys +│ missing/);
  });

  it("counts an old version as missing", async () => {
    const { io, outcome } = recordingIo();
    const old: Run = (command) =>
      Promise.resolve({
        status: 0,
        output: command === "verilator" ? "Verilator 4.038" : (outputs[command] ?? ""),
      });
    await expect(runDoctor({ json: false }, io, old)).rejects.toThrow("verilator is not installed");
    expect(outcome(3).stdout).toContain("4.038, too old");
  });
});
