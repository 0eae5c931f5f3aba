import { expect, it } from "vitest";
import { errorOf, FileSystemError, InputError, namePath, plainError } from "../../src/ir/errors.ts";

const problem = { code: "c", node: "n", found: "f", supported: "s", fix: "x" };

/** As another thread gets it. */
const across = (error: unknown) => errorOf(structuredClone(plainError(error)));

it("errors of the user's and of the file system are the same behind a thread", () => {
  const [input, file] = [
    new InputError([problem, { ...problem, node: "m" }]),
    new FileSystemError("p", "r", "x"),
  ];
  for (const error of [input, file]) {
    expect(across(error)).toEqual(error);
    expect(across(error)).toBeInstanceOf(error.constructor);
  }
});

it("others keep what is said of them", () => {
  const full = Object.assign(new Error("no room"), { code: "ENOSPC", path: "/x" });
  const behind = across(full);
  expect([behind.message, behind.stack]).toEqual([full.message, full.stack]);
  expect(namePath(behind, "a file", "make room")).toEqual(new FileSystemError("/x", "no room", "make room"));
  expect(across("text").message).toBe("text");
});
