/**
 * The programs outside npm that Firebrick runs: how to recognise them, who needs them, how to get them.
 * Plain JavaScript on Node's builtins alone, because it also runs before `npm ci`.
 */

/**
 * @typedef {{ status: number, output: string }} Outcome
 * @typedef {(command: string, args: readonly string[], input?: string, cwd?: string) => Promise<Outcome | null>} Run
 *   Runs a program and returns its exit status and everything it printed; null when it does not exist.
 * @typedef {"compile and simulate" | "npm test"} NeededBy
 * @typedef {{
 *   name: string,
 *   neededBy: NeededBy,
 *   usedBy: string,
 *   command: string,
 *   args: readonly string[],
 *   input?: string,
 *   version: RegExp,
 *   minimum?: readonly [number, number],
 *   apt: string,
 *   brew: string | null,
 *   platform?: NodeJS.Platform,
 * }} Tool
 *   `usedBy`: commands that run it. `platform`: the only system on which it is wanted.
 * @typedef {{ tool: Tool, version: string | null, ok: boolean }} ToolState
 *   `version` is null when the tool was not found; `ok` says found and new enough.
 */

/** @type {readonly Tool[]} */
const everywhere = [
  {
    name: "verilator",
    neededBy: "compile and simulate",
    usedBy: "simulate, accuracy --rtl, hls --check; make sim",
    command: "verilator",
    args: ["--version"],
    version: /Verilator (\d+\.\d+)/,
    minimum: [5, 0],
    apt: "verilator",
    brew: "verilator",
  },
  {
    name: "g++",
    neededBy: "compile and simulate",
    usedBy: "simulate, accuracy --rtl, hls --check; make sim",
    command: "g++",
    args: ["--version"],
    version: /(\d+\.\d+\.\d+)/,
    apt: "g++",
    brew: null,
  },
  {
    name: "make",
    neededBy: "compile and simulate",
    usedBy: "simulate, accuracy --rtl, hls --check; make sim",
    command: "make",
    args: ["--version"],
    version: /Make (\d+\.\d+(?:\.\d+)?)/,
    apt: "make",
    brew: null,
  },
  {
    // FST waveforms: Verilator's writer includes zlib.h, which no program on PATH reveals.
    name: "zlib",
    neededBy: "compile and simulate",
    usedBy: "simulate --trace FILE.fst",
    command: "g++",
    args: ["-E", "-P", "-x", "c++", "-"],
    input: "#include <zlib.h>\nfirebrick_zlib ZLIB_VERSION\n",
    version: /firebrick_zlib\s+"([\d.]+)/,
    apt: "zlib1g-dev",
    brew: null,
  },
  {
    name: "iverilog",
    neededBy: "npm test",
    usedBy: "make sim of a project, npm test",
    command: "iverilog",
    args: ["-V"],
    version: /Icarus Verilog version (\d+\.\d+)/,
    apt: "iverilog",
    brew: "icarus-verilog",
  },
  {
    name: "yosys",
    neededBy: "npm test",
    usedBy: "report --synth, explore --synth; make of a project",
    command: "yosys",
    args: ["-V"],
    version: /Yosys (\d+\.\d+)/,
    apt: "yosys",
    brew: "yosys",
  },
  {
    // Decides what yosys-smtbmc asks it.
    name: "z3",
    neededBy: "npm test",
    usedBy: "npm test, npm run formal",
    command: "z3",
    args: ["--version"],
    version: /Z3 version (\d+\.\d+)/,
    apt: "z3",
    brew: "z3",
  },
  {
    // Runs the generated Vivado scripts, against commands that stand in for Vivado's.
    name: "tclsh",
    neededBy: "npm test",
    usedBy: "npm test",
    command: "tclsh",
    args: [],
    input: 'puts "Tcl [info patchlevel]"\n',
    version: /Tcl (\d+\.\d+)/,
    apt: "tcl",
    brew: "tcl-tk",
  },
  {
    name: "python3",
    neededBy: "npm test",
    usedBy: "npm test; classify.py of a project",
    command: "python3",
    args: ["--version"],
    version: /Python (\d+\.\d+)/,
    apt: "python3",
    brew: "python",
  },
  {
    // Opens the HTML reports.
    name: "chromium",
    neededBy: "npm test",
    usedBy: "npm test",
    command: "chromium",
    args: ["--version"],
    version: /Chromium (\d+\.\d+)/,
    apt: "chromium",
    brew: "chromium",
  },
  // Bitstreams for the iCEBreaker. Homebrew has neither.
  {
    name: "nextpnr-ice40",
    neededBy: "npm test",
    usedBy: "report --synth for the iCEBreaker; make of its project",
    command: "nextpnr-ice40",
    args: ["--version"],
    version: /Version (\d+\.\d+)/,
    apt: "nextpnr-ice40",
    brew: null,
    platform: "linux",
  },
  {
    // Its programs, such as icepack, do not tell their version.
    name: "fpga-icestorm",
    neededBy: "npm test",
    usedBy: "make of a project for the iCEBreaker",
    command: "dpkg-query",
    args: ["--show", "fpga-icestorm"],
    version: /fpga-icestorm\s+\S*?(\d{8})/,
    apt: "fpga-icestorm",
    brew: null,
    platform: "linux",
  },
  // A cluster of this machine alone, for the tests of `--executor slurm`; they bring its client and munge along.
  ...["slurmctld", "slurmd"].map((name) => slurmDaemon(name)),
];

/** What this system needs. */
export const tools = everywhere.filter(
  ({ platform }) => platform === undefined || platform === process.platform,
);

/**
 * @param {string} name
 * @returns {Tool}
 */
function slurmDaemon(name) {
  return {
    name,
    neededBy: "npm test",
    usedBy: "simulate --executor slurm, npm test",
    // Not every user's PATH names this folder.
    command: `/usr/sbin/${name}`,
    args: ["-V"],
    version: /slurm\S* (\d+\.\d+)/,
    apt: name,
    brew: null,
    platform: "linux",
  };
}

/**
 * Looks for every tool of the list.
 * @param {readonly Tool[]} wanted
 * @param {Run} run
 * @returns {Promise<ToolState[]>}
 */
export async function checkTools(wanted, run) {
  return Promise.all(
    wanted.map(async (tool) => {
      const outcome = await run(tool.command, tool.args, tool.input);
      const version =
        outcome === null || outcome.status !== 0 ? null : (tool.version.exec(outcome.output)?.[1] ?? null);
      return { tool, version, ok: version !== null && isAtLeast(version, tool.minimum) };
    }),
  );
}

/**
 * @param {string} version such as "5.006"
 * @param {readonly [number, number] | undefined} minimum major and minor
 * @returns {boolean}
 */
function isAtLeast(version, minimum) {
  if (minimum === undefined) return true;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

/**
 * "verilator (not found)" or "verilator (found 4.038, needed 5.0 or newer)".
 * @param {ToolState} state
 * @returns {string}
 */
export function describeMissing({ tool, version }) {
  if (version === null) return `${tool.name} (not found)`;
  return `${tool.name} (found ${version}, needed ${(tool.minimum ?? []).join(".")} or newer)`;
}

/** Tools that `firebrick` itself and `npm start` run. @returns {readonly Tool[]} */
export function simulationTools() {
  return tools.filter((tool) => tool.neededBy === "compile and simulate");
}
