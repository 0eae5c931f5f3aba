/** TypeScript reads an expression in an expression by calling itself, and so do we: a file can nest deeper than that goes. */
import { SourceError } from "./diagnostic.ts";
import { shownPath } from "../platform/paths.ts";

/** What `read` gives. Throws SourceError for a file on which it runs out of stack. `subject`: what the file holds. */
export function withinStack<T>(path: string, subject: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError && /call stack/.test(error.message))) throw error;
    const nesting = {
      rule: "nesting",
      message: "An expression, type or block of this file nests deeper than TypeScript can follow.",
      fix: "give its parts names of their own",
      source: "",
    };
    throw new SourceError(subject, [{ ...nesting, file: shownPath(path), line: 1, column: 1, length: 1 }]);
  }
}
