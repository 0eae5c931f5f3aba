import { describe, expect, it } from "vitest";
import { ensureTools, installSteps } from "../../src/setup/install.mjs";
import type { Host, Machine } from "../../src/setup/install.mjs";
import { simulationTools, tools } from "../../src/setup/tools.mjs";
import type { Outcome } from "../../src/setup/tools.mjs";

const found: Readonly<Record<string, string>> = {
  verilator: "Verilator 5.006 2023-01-22 rev (Debian 5.006-3)",
  "g++": 'g++ (Debian 12.2.0-14) 12.2.0\nfirebrick_zlib "1.2.13"',
  make: "GNU Make 4.3",
  iverilog: "Icarus Verilog version 11.0 (stable) ()",
  yosys: "Yosys 0.23 (git sha1 7ce5011c24b)",
  z3: "Z3 version 4.8.12 - 64 bit",
  tclsh: "Tcl 8.6.13",
  python3: "Python 3.11.2",
  chromium: "Chromium 156.0.8078.73 built on Debian",
  "nextpnr-ice40": "nextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1+b1)",
  "dpkg-query": "fpga-icestorm\t0~20230218gitd20a5e9-1~deb12u1",
  "/usr/sbin/slurmctld": "slurm-wlm 22.05.8",
  "/usr/sbin/slurmd": "slurm-wlm 22.05.8",
};
/** What only `npm test` needs, by tool and by package of apt. */
const forTests = [
  ["iverilog", "iverilog"],
  ["yosys", "yosys"],
  ["z3", "z3"],
  ["tclsh", "tcl"],
  ["python3", "python3"],
  ["chromium", "chromium"],
  ...(process.platform === "linux"
    ? ["nextpnr-ice40", "fpga-icestorm", "slurmctld", "slurmd"].map((name) => [name, name])
    : []),
] as const;
const packages = forTests.map(([, name]) => name).join(" ");

/** A machine on which only the named programs exist; what the scripts run on it is written down. */
class FakeMachine {
  readonly shown: string[] = [];
  readonly said: string[] = [];
  readonly programs: Map<string, Outcome>;

  constructor(programs: Readonly<Record<string, string>>) {
    this.programs = new Map(Object.entries(programs).map(([name, output]) => [name, { status: 0, output }]));
  }

  host(root: boolean, install: () => number = () => 0): Host {
    return {
      root,
      run: (command) => Promise.resolve(this.programs.get(command) ?? null),
      show: (command, args) => {
        this.shown.push([command, ...args].join(" "));
        return Promise.resolve(install());
      },
      say: (text) => this.said.push(text),
    };
  }
}

describe("ensureTools", () => {
  it("runs nothing when every tool is there", async () => {
    const machine = new FakeMachine({ ...found, "apt-get": "apt" });
    await ensureTools(tools, machine.host(true));
    expect(machine.shown).toEqual([]);
    expect(machine.said).toEqual([]);
  });

  it("installs with apt as root, says what, and looks again", async () => {
    const machine = new FakeMachine({ make: found["make"] ?? "", "apt-get": "apt" });
    const install = () => {
      for (const [name, output] of Object.entries(found)) machine.programs.set(name, { status: 0, output });
      return 0;
    };
    await ensureTools(tools, machine.host(true, install));
    expect(machine.shown).toEqual([
      "apt-get update",
      `apt-get install -y --no-install-recommends verilator g++ zlib1g-dev ${packages}`,
    ]);
    expect(machine.said[0]).toBe(
      `installing ${["verilator", "g++", "zlib", ...forTests.map(([name]) => name)].map((name) => `${name} (not found)`).join(", ")}`,
    );
  });

  it("stops with status 3 and the command when it is not root and sudo asks for a password", async () => {
    const machine = new FakeMachine({ ...found, "apt-get": "apt" });
    machine.programs.delete("verilator");
    machine.programs.set("sudo", { status: 1, output: "sudo: a password is required" });
    await expect(ensureTools(tools, machine.host(false))).rejects.toMatchObject({
      status: 3,
      message:
        "Missing: verilator (not found).\n" +
        "Install with: sudo apt-get install -y --no-install-recommends verilator (Debian, Ubuntu); " +
        "brew install verilator (macOS)\n(verilator has to be version 5.0 or newer)",
    });
    expect(machine.shown).toEqual([]);
  });

  it("stops with status 3 without apt and Homebrew", async () => {
    const machine = new FakeMachine({});
    await expect(ensureTools(tools, machine.host(true))).rejects.toMatchObject({ status: 3 });
  });

  it("names an old Verilator and stops with status 3 when apt has no newer one", async () => {
    const machine = new FakeMachine({ ...found, verilator: "Verilator 4.038 2020-07-11", "apt-get": "apt" });
    await expect(ensureTools(tools, machine.host(true))).rejects.toMatchObject({
      status: 3,
      message: expect.stringContaining("verilator (found 4.038, needed 5.0 or newer)") as string,
    });
  });

  it("stops with status 3 when apt fails", async () => {
    const machine = new FakeMachine({ "apt-get": "apt" });
    await expect(
      ensureTools(
        tools,
        machine.host(true, () => 100),
      ),
    ).rejects.toMatchObject({
      status: 3,
      message: expect.stringContaining('"apt-get update" failed with status 100') as string,
    });
  });

  it("counts a missing zlib header although g++ is there", async () => {
    const machine = new FakeMachine({ ...found, "g++": "g++ (Debian 12.2.0-14) 12.2.0" });
    await expect(ensureTools(tools, machine.host(false))).rejects.toMatchObject({
      message: expect.stringContaining("install -y --no-install-recommends zlib1g-dev") as string,
    });
  });
});

describe("installSteps", () => {
  const nothing: Machine = { root: false, apt: false, sudo: false, brew: false };
  const lines = (machine: Machine, wanted = tools) =>
    installSteps(wanted, machine)?.map((step) => [step.command, ...step.args].join(" ")) ?? null;

  it("uses sudo when it needs no password", () => {
    expect(lines({ ...nothing, apt: true, sudo: true })).toEqual([
      "sudo -n apt-get update",
      `sudo -n apt-get install -y --no-install-recommends verilator g++ make zlib1g-dev ${packages}`,
    ]);
  });

  it("uses Homebrew for what it has", () => {
    const wanted = tools.filter((tool) => tool.brew !== null);
    expect(lines({ ...nothing, brew: true }, wanted)).toEqual([
      "brew install verilator icarus-verilog yosys z3 tcl-tk python chromium",
    ]);
  });

  it("leaves the compiler on macOS to the user", () => {
    expect(lines({ ...nothing, brew: true })).toBeNull();
  });
});

it("npm start needs no Icarus Verilog and no Yosys", () => {
  expect(simulationTools().map((tool) => tool.name)).toEqual(["verilator", "g++", "make", "zlib"]);
});
