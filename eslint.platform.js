/**
 * Which files may use Node, as a rule for ESLint: what compiles a network runs in a browser too, and gets files, hashes and
 * the like from src/platform, whose modules have twins for browsers in src/platform/browser.
 */
import { isBuiltin } from "node:module";

/** What Node has and a browser has not, beside its modules. */
const nodeGlobals = new Set([
  "Buffer",
  "NodeJS",
  "__dirname",
  "__filename",
  "clearImmediate",
  "global",
  "process",
  "require",
  "setImmediate",
]);
const nodeMeta = new Set(["dirname", "filename"]);

/** @type {import("eslint").Rule.RuleModule} */
const node = {
  meta: {
    type: "problem",
    messages: { node: "Browsers have no {{name}}: take it from src/platform; see docs/architecture.md." },
  },
  create(context) {
    /** @param {import("estree").Node} node @param {string} name */
    const report = (node, name) => context.report({ node, messageId: "node", data: { name } });
    /** @param {{ source?: import("estree").Expression | null }} node */
    const check = ({ source }) => {
      if (source?.type !== "Literal" || typeof source.value !== "string") return;
      if (isBuiltin(source.value)) report(source, source.value);
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      "MemberExpression[object.type='MetaProperty']"(
        /** @type {import("estree").MemberExpression} */ { property },
      ) {
        if (property.type === "Identifier" && nodeMeta.has(property.name))
          report(property, `import.meta.${property.name}`);
      },
      "Program:exit"() {
        for (const { identifier } of context.sourceCode.scopeManager.globalScope?.through ?? [])
          if (identifier.type === "Identifier" && nodeGlobals.has(identifier.name))
            report(identifier, identifier.name);
      },
    };
  },
};

/** @type {import("eslint").Linter.Config[]} */
export const platform = [
  {
    files: ["src/**", "hw/kernels/**", "codegen/**"],
    ignores: [
      "src/platform/*.ts",
      "src/cli.ts",
      "src/cli/**",
      // What does not ship.
      "src/setup/**",
      "src/zoo/pictures/training/**",
      "codegen/format/files.ts",
      "codegen/format/write.ts",
    ],
    plugins: { platform: { rules: { node } } },
    rules: { "platform/node": "error" },
  },
];
