import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/run.ts";
import { packageVersion } from "../../src/platform/package.ts";
import { firebrick, recordingIo } from "./helper.ts";

describe("the command line", () => {
  it("prints its version", async () => {
    expect(await firebrick("--version")).toEqual({ status: 0, stdout: `${packageVersion()}\n`, stderr: "" });
  });

  it("prints help on stdout", async () => {
    const { status, stdout, stderr } = await firebrick("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("firebrick doctor");
    expect(stderr).toBe("");
  });

  it("alone prints help and asks for a command", async () => {
    const { status, stdout, stderr } = await firebrick();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("\nCommands:\n");
    expect(stderr).toMatch(/\n\nfirebrick: say which command to run\nSee: firebrick --help\n$/);
  });

  it.each([
    [["doktor"], 'unknown command "doktor". Did you mean doctor?\nSee: firebrick --help'],
    [["frobnicate"], 'firebrick: unknown command "frobnicate"\nSee: firebrick --help'],
    [["net.tflite", "--array", "8x8"], 'firebrick: unknown command "net.tflite"\nSee: firebrick --help'],
    [["doctor", "--bogus"], "Unknown argument: bogus\nSee: firebrick doctor --help"],
    [
      ["compile", "net.tflite", "-o", "x", "--bord", "a"],
      "argument: bord. Did you mean --board?\nSee: firebrick compile",
    ],
    [["doctor", "--jsn", "--bogus"], "arguments: jsn, bogus. Did you mean --json?\nSee"],
    [["doctor", "--no-json"], "Unknown arguments: no-json"],
    [["doctor", "extra"], "Unknown argument: extra"],
  ])("refuses %j with status 2", async (args, message) => {
    const { status, stdout, stderr } = await firebrick(...args);
    expect(stderr).toContain(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });

  it.each([
    ["inspect", "--no-code", "net.ts"],
    ["simulate", "net.TS", "--input", "x.bin", "--no-code"],
    ["explore", "mobilenet-v1-0.25-32", "./net.ts", "--no-code"],
    ["compile", "mobilenet-v1-0.25-32", "-o", "out", "--activation", "mine.ts#half", "--no-code"],
    ["hls", "kernel", "-o", "out", "--no-code"],
  ])("runs no TypeScript of the user's with --no-code: %s %s %s", async (...args) => {
    const { status, stdout, stderr } = await firebrick(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^firebrick: code-refused: /);
  });

  it("takes everything else with --no-code", async () => {
    expect((await firebrick("boards", "--no-code")).status).toBe(0);
  });

  it("reports an interrupt as status 130 and nothing else", async () => {
    const { io, outcome } = recordingIo(AbortSignal.abort());
    const { status, stderr } = outcome(await runCli(["doctor", "--bogus"], io));
    expect({ status, stderr }).toEqual({ status: 130, stderr: "firebrick: interrupted\n" });
  });
});
