/** docs/trust.md: what Firebrick promises when something is wrong, the test that holds it, and what the campaigns found. */
import { markdownRows } from "../../sim/figures/markdown.ts";
import type { Outcomes, Run } from "./record.ts";

interface Promised {
  readonly what: string;
  /** Files of tests that hold it, in short or whole. */
  readonly tests: readonly string[];
  /** The campaign that holds it on many cases; null where the tests are all. */
  readonly campaign: "fuzz" | "stress" | "formal" | "mutate" | null;
}

export const promises: readonly Promised[] = [
  {
    what: "A damaged file of any kind that is read is refused with a reason, or is accepted and runs: no internal error, no crash, no step over 10 s, no process over 1 GB",
    tests: ["test/trust/fuzz/campaign.networks.test.ts", "test/trust/fuzz/readers.networks.test.ts"],
    campaign: "fuzz",
  },
  {
    what: "A program, weights or tables with a wrong bit, or with two within 8 KB, give the right result or an error bit",
    tests: ["test/rtl/read_check.test.ts", "test/format/check.test.ts", "test/networks/tables.test.ts"],
    campaign: "stress",
  },
  {
    what: "A program for other hardware, or of another version or other options, is refused before anything acts on it; two kinds of hardware share an identity once in 65,536",
    tests: [
      "test/4-schedule/identity.test.ts",
      "test/rtl/program_loader.test.ts",
      "test/networks/conditions.test.ts",
    ],
    campaign: null,
  },
  {
    what: "Nothing is written outside the output and the workspace region, whatever the program says, and the image that would ends with an error",
    tests: [
      "test/rtl/row_writer.test.ts",
      "test/networks/conditions.test.ts",
      "test/trust/formal/formal.rtl.test.ts",
    ],
    campaign: "formal",
  },
  {
    what: "SLVERR and DECERR of a read or write, on any beat and with any data, end the image without the watchdog; registers say of which unit, block and address the first was",
    tests: [
      "test/rtl/run_control.test.ts",
      "test/rtl/axi_read_arbiter.test.ts",
      "test/networks/conditions.test.ts",
    ],
    campaign: "stress",
  },
  {
    what: "An image in which nothing moves is ended by the watchdog, and one that memory owes an answer is given up until a reset",
    tests: ["test/rtl/watchdog.test.ts"],
    campaign: "stress",
  },
  {
    what: "Behind a reset, a stop, an error or an image of another program the next image is bit exact",
    tests: ["test/networks/conditions.test.ts", "test/rtl/image_stop.test.ts"],
    campaign: "stress",
  },
  {
    what: "Slow, random, serial and joint memories change cycles, not results",
    tests: ["test/networks/conditions.test.ts"],
    campaign: "stress",
  },
  {
    what: "The modules with a handshake keep the rules of AXI and of streams",
    tests: ["test/trust/formal/formal.rtl.test.ts"],
    campaign: "formal",
  },
  {
    what: "A change of the Verilog or of the TypeScript that changes results is noticed by a test",
    tests: ["test/trust/mutate/mutants.test.ts"],
    campaign: "mutate",
  },
];

/** What nothing holds yet, so that nobody believes it. */
const open = [
  "Input, workspace and memories on the chip have no check: a bit that flips there is computed with. Neither have maps of constants and the small engine's network.",
  "Bits of weights or of a program that flip together in three places or more, or farther apart than 8 KB, are missed once in 65,535.",
  "Reads are not held against the regions; a program from a stranger may read what the bus lets it read.",
  "A base register with wrong bits moves its region: the accelerator writes in the region of that size that begins there.",
];

/** The page. `runs`: in the order of their commands. */
export function trustPage(runs: readonly Run[]): string {
  const link = (file: string): string =>
    `[${file.replace(/^test\//, "").replace(/\.test\.ts$/, "")}](../${file})`;
  const rows = promises.map(({ campaign, tests, what }) => [
    what,
    tests.map(link).join(", "),
    campaign === null ? "" : `\`npm run ${campaign}\``,
  ]);
  return [
    "# Trust: what holds when something is wrong",
    "",
    "Written by `npm run trust`; a test holds it current. Each promise has tests that `npm test` runs; a campaign holds most of them on many more cases, and",
    "[CONTRIBUTING.md](../CONTRIBUTING.md) says what it does. How the hardware does it: [hardware.md](hardware.md).",
    "",
    "## Promises",
    "",
    markdownRows(["promise", "held by", "campaign"], rows),
    "",
    "## Not promised",
    "",
    ...open.map((line) => `- ${line}`),
    "",
    "## Faults",
    "",
    "What became of the images that the runs of `npm run stress` below disturbed. A fault that loses nothing gives the right result: a bit may flip where no",
    "image looks. Every start behind a fault gave the right result, unless it counts as failed.",
    "",
    markdownRows(
      [
        "disturbed by",
        "injected",
        "lost nothing",
        "told, next start right",
        "told by the watchdog, right behind a reset",
        "failed",
      ],
      faultRows(runs),
    ),
    "",
    "## Runs",
    "",
    "What the campaigns said last when they were run. Every run tells its own end: what failed is in it.",
    "",
    markdownRows(
      ["command", "date", "result"],
      runs.map(({ command, date, result }) => [`\`${command}\``, date, result]),
    ),
    "",
  ].join("\n");
}

/** The outcomes of all runs, a row for each kind of disturbance, and their sum. */
function faultRows(runs: readonly Run[]): readonly (readonly string[])[] {
  const kinds = new Map<string, Outcomes>();
  for (const [kind, one] of runs.flatMap(({ disturbed = {} }) => Object.entries(disturbed)))
    for (const name of [kind, "all"]) kinds.set(name, added(kinds.get(name), one));
  const all = kinds.get("all");
  kinds.delete("all");
  return [...kinds, ...(all === undefined ? [] : [["all", all] as const])].map(([kind, outcomes]) => {
    const { detected, exact, failed, reset } = outcomes;
    return [kind, ...[exact + detected + reset + failed, exact, detected, reset, failed].map(String)];
  });
}

function added(before: Outcomes | undefined, one: Outcomes): Outcomes {
  if (before === undefined) return one;
  const { detected, exact, failed, reset } = before;
  return {
    exact: exact + one.exact,
    detected: detected + one.detected,
    reset: reset + one.reset,
    failed: failed + one.failed,
  };
}
