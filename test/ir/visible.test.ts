import { expect, test } from "vitest";
import { visible, visibleLines } from "../../src/ir/visible.ts";
import { firebrick } from "../cli/helper.ts";

test("characters that move the cursor or turn the text are spelled", () => {
  expect(visible("a\u001b[2J\r\n\t\u009b\u202e\u0000b")).toBe(
    "a\\u001b[2J\\u000d\\u000a\\u0009\\u009b\\u202e\\u0000b",
  );
  expect(visible("größe 网络 🧱")).toBe("größe 网络 🧱");
  expect(visible("\ud83e")).toBe("\\ud83e");
  expect(visibleLines("a\n\tb\r")).toBe("a\n\tb\\u000d");
});

test("a command prints a path of the user's without its control characters, as text and as JSON", async () => {
  const path = "no\u001b]0;title\u0007such\rfile.tflite";
  for (const flags of [[], ["--json"]]) {
    const { status, stderr, stdout } = await firebrick("inspect", path, ...flags);
    expect(status).toBe(2);
    expect(stdout + stderr).toMatch(/no\\u001b\]0;title\\u0007such/);
    expect(visibleLines(stdout + stderr)).toBe(stdout + stderr);
  }
});
