import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { importDirections } from "./eslint.directions.js";
import { platform } from "./eslint.platform.js";

/** argv and the exit status belong to the entry points alone, so that everything else can run in a test. */
const entryPointsOnly = [
  {
    object: "process",
    property: "exit",
    message: "Throw an error; src/cli/status.ts maps it to an exit status.",
  },
  { object: "process", property: "argv", message: "Take arguments as parameters; src/cli.ts reads argv." },
];

/** Where `!` may stand; everywhere else src/ir/known.ts says what is not there. */
const innerLoops = [
  "src/products/index.ts",
  "src/golden/{conv,depthwise,float-sums,maps,pool,requantise}.ts",
  "src/3-quantise/float/{conv,depthwise,elementwise,pool}.ts",
  "src/3-quantise/ptq/{correct,equalise,errors,histogram,inputs,pictures,rounding,statistics,weights}.ts",
  "src/zoo/seeded/sums.ts",
  "src/zoo/pictures/training/{kernels,matrix}.ts",
];

export default defineConfig(
  globalIgnores(["dist/", "dist.partial/", "build/", "coverage/", "firebrick-out/"]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // Numbers are what this project prints most.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `_` stands for what a signature or a destructured list brings along.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" },
      ],
      "no-restricted-properties": ["error", ...entryPointsOnly],
      "no-warning-comments": ["error", { terms: ["todo", "fixme"] }],
    },
  },
  {
    files: [
      "src/cli.ts",
      "src/setup/*.mjs",
      "site/build.mjs",
      "test/trust/*/main.ts",
      "src/zoo/pictures/training/train.ts",
    ],
    rules: { "no-restricted-properties": "off" },
  },
  // Of an index that the loop's bounds prove, `!` says so without a branch: in inner loops, whose time is the command's time.
  {
    files: innerLoops,
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  // A test that asserts on what is not there fails.
  { files: ["test/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
  // Text becomes code in one place, whose functions are tried with hostile text.
  {
    files: ["**/*.ts"],
    ignores: ["codegen/text/*.ts", "test/codegen/text/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[object.name='Code']",
          message: "Text is escaped in codegen/text/languages.ts alone.",
        },
      ],
    },
  },
  // ts-morph hands its nodes out as narrower types of themselves, which the rule takes for foreign classes.
  {
    files: ["codegen/hls/**", "test/codegen/hls/**"],
    rules: { "@typescript-eslint/no-unsafe-class-instance-assignment": "off" },
  },
  // A width makes a bigint a type of its own, which may be negated all the same.
  {
    files: ["hw/kernels/**", "test/codegen/hls/examples/**"],
    rules: { "@typescript-eslint/no-unsafe-unary-minus": "off" },
  },
  // Users' TypeScript runs in a page as it runs in Node: in one place each.
  {
    files: ["src/platform/browser/typescript.ts"],
    rules: { "@typescript-eslint/no-implied-eval": "off" },
  },
  // TypeScript checks names itself and knows Node's.
  { files: ["**/*.mjs", "**/*.js"], rules: { "no-undef": "off" } },
  ...importDirections,
  ...platform,
);
