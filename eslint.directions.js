/**
 * Which folder may import which, as a rule for ESLint. Data flows down the list of docs/architecture.md, and a
 * folder imports only what stands before it here, so that no circle of folders can come about.
 */
import { dirname, relative, resolve, sep } from "node:path";

/** Every folder and file of the compiler, in the order of the data. */
export const flow = [
  "src/platform",
  "src/ir",
  "src/threads",
  "src/products",
  "src/format",
  "src/hls",
  "hw/kernels",
  "src/network",
  "src/typescript",
  "src/activations",
  "src/saved",
  "src/compress",
  "src/images",
  "src/labels",
  "src/1-import",
  "src/zoo",
  "src/2-passes",
  "src/3-quantise",
  "src/4-schedule",
  "src/resources",
  "src/boards",
  "src/report",
  "src/explore",
  "src/load.ts",
  "src/inspect.ts",
  "codegen",
  "src/golden",
  "sim",
  "src/targets",
  "src/quantise.ts",
  "src/index.ts",
  "src/setup",
  "src/cli",
  "src/cli.ts",
];

/** What a plan is made of. */
const plans = ["src/platform", "src/ir", "src/format", "src/4-schedule"];

/** Folders that may import less than all that stands before them. */
const only = new Map([
  // It shares nothing with what it checks but the kernels that the hardware contains as Verilog, and sums of products.
  ["src/golden", ["src/ir", "src/products", "src/hls", "hw/kernels"]],
  // They read plans; whoever calls them has loaded the model.
  ["src/resources", plans],
  ["src/boards", [...plans, "src/resources"]],
  ["src/report", [...plans, "src/resources", "src/boards"]],
  ["src/explore", [...plans, "src/resources", "src/boards", "src/report"]],
]);

const root = import.meta.dirname;

/**
 * The entry of `flow` that a file belongs to.
 * @param {string} path
 */
export function folderOf(path) {
  const inside = relative(root, path).split(sep).join("/");
  return flow.find((entry) => inside === entry || inside.startsWith(`${entry}/`));
}

/**
 * @param {string} file
 * @param {string} source what it imports
 */
function isAgainstTheFlow(file, source) {
  const own = /^firebrick\/(\w+)$/.exec(source)?.[1];
  if (own === undefined && !source.startsWith(".")) return false;
  const target = own === undefined ? resolve(dirname(file), source) : resolve(root, "src", own);
  const [from, to] = [folderOf(file), folderOf(target)];
  if (from === undefined || to === undefined || from === to) return false;
  return !(only.get(from)?.includes(to) ?? flow.indexOf(to) < flow.indexOf(from));
}

/** @type {import("eslint").Rule.RuleModule} */
const direction = {
  meta: {
    type: "problem",
    messages: { direction: "Imports go from later folders to earlier ones; see docs/architecture.md." },
  },
  create(context) {
    /** @param {{ source?: import("estree").Expression | null }} node */
    const check = ({ source }) => {
      if (source?.type !== "Literal" || typeof source.value !== "string") return;
      if (isAgainstTheFlow(context.filename, source.value))
        context.report({ node: source, messageId: "direction" });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/** @type {import("eslint").Linter.Config[]} */
export const importDirections = [
  {
    files: ["src/**", "hw/kernels/**", "codegen/**", "sim/**"],
    plugins: { firebrick: { rules: { direction } } },
    rules: { "firebrick/direction": "error" },
  },
];
