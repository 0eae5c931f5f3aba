/**
 * Which folder may import which, as rules for ESLint: data flows down the folder list of docs/architecture.md,
 * so a stage imports ir/ and what stands before it, never a later one.
 */

/** Compiler stages in the order of the data. */
const stages = ["zoo", "1-import", "2-passes", "3-quantise", "4-schedule"];

/** Everything outside src/ that compiles from src/. */
const outside = ["codegen", "sim"];

/**
 * @param {readonly string[]} files whose imports the rule limits
 * @param {readonly string[]} folders that they must not import
 * @param {string} message
 * @returns {import("eslint").Linter.Config}
 */
function forbid(files, folders, message) {
  const group = folders.flatMap((folder) => [`**/${folder}`, `**/${folder}/**`]);
  return {
    files: [...files],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
  };
}

const direction = "Imports go from later stages to earlier ones; see docs/architecture.md.";
const shell = ["cli", "cli.ts", "targets", "load.ts", "inspect.ts"];

export const importDirections = [
  // The broadest first: for a file that several entries match, the last one holds.
  {
    ...forbid(["src/**"], outside, "Only targets/, the API and the command line import codegen/ and sim/."),
    ignores: ["src/cli.ts", "src/cli/**", "src/index.ts", "src/targets/**"],
  },
  ...stages.map((stage, index) =>
    forbid([`src/${stage}/**`], [...stages.slice(index + 1), "golden", ...shell, ...outside], direction),
  ),
  forbid(
    ["src/ir/**"],
    [...stages, "golden", "images", ...shell, ...outside],
    "ir/ is the shared vocabulary and imports no stage.",
  ),
  forbid(
    ["src/format/**"],
    [...stages, "golden", "images", ...shell, ...outside],
    "format/ holds the tables that encoder, hardware and documents are made of; it imports no stage.",
  ),
  forbid(
    ["src/golden/**"],
    [...stages, "images", ...shell, ...outside],
    "The golden model shares no code with what it checks.",
  ),
  forbid(
    ["src/report/**", "src/explore/**"],
    ["zoo", "1-import", "golden", ...shell, ...outside],
    "Reports and exploration read plans; the command line and codegen/ read them.",
  ),
  forbid(["src/images/**"], [...stages, "golden", ...shell, ...outside], direction),
  forbid(
    ["codegen/**"],
    ["sim", "golden", "targets", "cli", "cli.ts"],
    "codegen imports from src/ only, and never the golden model.",
  ),
  forbid(["sim/**"], ["targets", "cli", "cli.ts"], "sim imports from src/ and codegen/."),
  // Writes TFLite files, with the field numbers that the importer reads them by.
  forbid(
    ["src/zoo/tflite-writer.ts", "src/zoo/pictures/training/export-tflite.ts"],
    ["2-passes", "3-quantise", "4-schedule", "golden", ...shell, ...outside],
    direction,
  ),
];
