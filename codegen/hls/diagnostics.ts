/** What the compiler of kernels complains of, told as the TypeScript compiler tells it. */
import type { Node } from "ts-morph";
import { locate, SourceError, type Diagnostic } from "../../src/typescript/diagnostic.ts";

/** Stable identifiers; docs/hls.md lists them. */
export const rules = {
  HLS001: ["this construct is outside of the language", "see the language reference, docs/hls.md"],
  HLS002: ["floating point", "scale to integers: write 0.5 as a shift, `x >> 1n`"],
  HLS003: [
    "a loop without static bounds",
    "write `for (let i = 0; i < 8; i++)`, with constants for the bounds",
  ],
  HLS004: ["recursion", "write a loop, or a function for each level"],
  HLS005: ["a closure", "move the function to the top of the module and pass what it needs"],
  HLS006: ["`any` or an unchecked cast", "convert with int, uint, wrapInt or saturateInt, which are checked"],
  HLS007: ["a side effect", "return the value, also as one of a tuple; keep state outside of the kernel"],
  HLS008: ["a value that can lose bits", "write wrapInt, saturateInt or clamp, or ask for more bits"],
  HLS009: [
    "a parameter or result that no port can carry",
    "use Int<N>, UInt<N> with N of 1 to 64, boolean, or a tuple of them",
  ],
  HLS010: ["a constant is needed here", "use a literal, a module's const, or a loop's counter"],
  HLS011: ["an index that can leave the table or array", "limit it with clamp, wrapUint, or a mask"],
  HLS012: ["a shift amount outside of 0..255", "limit the amount with UInt<N> or clamp"],
  HLS013: ["a divisor that can be 0", "rule 0 out with max(x, 1n)"],
  HLS014: ["more than 512 bits", "saturate or shift intermediate values earlier"],
  HLS015: ["no kernel in this file", "export a function whose parameters are Int, UInt, boolean or tuples"],
  HLS016: [
    "a function that is not part of the language",
    "import it from firebrick/hls, or write it in this file",
  ],
  HLS017: [
    "a @latency or @stage that cannot be kept",
    "ask for 1 to 64 stages, and for parameters in one of them",
  ],
} as const;

export type Rule = keyof typeof rules;

/** The kernel's source is at fault; carries everything that was found. */
export class HlsError extends SourceError {
  constructor(diagnostics: readonly Diagnostic[]) {
    super("a kernel", diagnostics);
    this.name = "HlsError";
  }
}

/** Gathers what is wrong; a place is told of once for each rule. */
export interface Reporter {
  report(node: Node, rule: Rule, found: string): void;
  /** Says nothing when something at this place, or inside it, has been told of. */
  reportUnlessKnown(node: Node, rule: Rule, found: string): void;
  readonly diagnostics: readonly Diagnostic[];
}

export function createReporter(): Reporter {
  const all: { readonly diagnostic: Diagnostic; readonly node: Node }[] = [];
  const report = (node: Node, rule: Rule, found: string): void => {
    const [title, fix] = rules[rule];
    const diagnostic = diagnosticAt(node, rule, `${title}: ${found}`, fix);
    const isKnown = all.some(({ diagnostic: other }) => place(other) === place(diagnostic));
    if (!isKnown) all.push({ diagnostic, node });
  };
  return {
    report,
    reportUnlessKnown(node, rule, found) {
      const isInside = ({ node: other }: { node: Node }): boolean =>
        other.getSourceFile() === node.getSourceFile() &&
        other.getStart() >= node.getStart() &&
        other.getEnd() <= node.getEnd();
      if (!all.some(isInside)) report(node, rule, found);
    },
    get diagnostics() {
      const list = all.map(({ diagnostic }) => diagnostic);
      return list.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
    },
  };
}

/** A diagnostic that points at the first line of `node`. */
export function diagnosticAt(node: Node, rule: string, message: string, fix: string | null): Diagnostic {
  const file = node.getSourceFile();
  const start = node.getStart();
  const length = node.getText().split("\n")[0]?.length ?? 1;
  return { ...locate(file.getFilePath(), file.getFullText(), start, length), rule, message, fix };
}

function place(d: Diagnostic): string {
  return `${d.file}:${d.line}:${d.column} ${d.rule}`;
}
