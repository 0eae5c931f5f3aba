import { describe, expect, it } from "vitest";
import { DivergenceError, reportError, RefusedError } from "../../src/cli/status.ts";
import { InputError, MissingToolError } from "../../src/ir/errors.ts";
import { recordingIo } from "./helper.ts";

const problem = { code: "x", node: "n", found: "f", supported: "s", fix: "g" };

describe("reportError", () => {
  it.each<[Error, number, string]>([
    [new DivergenceError("conv1 differs"), 1, "firebrick: conv1 differs\n"],
    [new InputError(problem), 2, "firebrick: x: n: found f; supported: s; fix: g\n"],
    [new RefusedError("Unknown argument: y"), 2, "firebrick: Unknown argument: y\n"],
    [
      new MissingToolError("verilator", "apt-get install verilator"),
      3,
      "firebrick: verilator is not installed. Install it with: apt-get install verilator\n",
    ],
    [
      Object.assign(new Error("ENOSPC: no space left on device, open '/full/x'"), {
        code: "ENOSPC",
        path: "/full/x",
      }),
      74,
      "firebrick: cannot use /full/x: ENOSPC: no space left on device, open '/full/x'; fix: make room, or let it be read and written\n",
    ],
  ])("maps %s without a stack trace", (error, expected, message) => {
    const { io, outcome } = recordingIo();
    expect(outcome(reportError(error, io))).toEqual({ status: expected, stdout: "", stderr: message });
  });

  it("prints every problem of an InputError", () => {
    const { io, outcome } = recordingIo();
    const { stderr } = outcome(reportError(new InputError([problem, { ...problem, node: "m" }]), io));
    expect(stderr.match(/^.*x: [nm]:/gm)).toHaveLength(2);
  });

  it("shows the stack of anything else and returns 70", () => {
    const { io, outcome } = recordingIo();
    const { status, stderr } = outcome(reportError(new TypeError("oops"), io));
    expect(status).toBe(70);
    expect(stderr).toMatch(/internal error.*TypeError: oops\n +at /s);
  });
});
