/** docs/accelerator-comment.yml: its shell steps in a repository of two commits, with stand-ins for what GitHub has. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { packagePath } from "../../src/platform/package.ts";
import { picturesModelPath } from "../../src/zoo/pictures/files.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: { readonly compare: { readonly "runs-on": string; readonly steps: readonly Step[] } };
}

const path = packagePath("docs", "accelerator-comment.yml");

it("comments cycles, look-up tables and accuracy of the changed network", () =>
  inTemporaryFolder((folder) => {
    const workflow = parse(readFileSync(path, "utf8")) as Workflow;
    expect([workflow.on, workflow.permissions["pull-requests"]]).toEqual(["pull_request", "write"]);
    const { steps } = workflow.jobs.compare;
    expect(steps.every(({ run, uses }) => (run === undefined) !== (uses === undefined))).toBe(true);
    const named = (name: string): Step => steps.find((step) => step.name === name)!;

    const repository = join(folder, "repository");
    const tools = join(folder, "tools");
    mkdirSync(join(repository, "pictures"), { recursive: true });
    mkdirSync(tools);
    const tool = (name: string, line: string): void => {
      writeFileSync(join(tools, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    };
    tool("firebrick", `exec "${process.execPath}" "${packagePath("dist", "src", "cli.js")}" "$@"`);
    tool("gh", `echo "$@" > "${join(folder, "gh.txt")}"`);
    const environment = { ...process.env, ...workflow.env, PATH: `${tools}:${process.env["PATH"]}` };
    /** As GitHub runs a step: what `${{ }}` stands for is in `given`. */
    const run = (step: Step, given: Readonly<Record<string, string>>): void => {
      expect(Object.keys(step.env ?? {}).sort()).toEqual(Object.keys(given).sort());
      expect(step.run).not.toContain("${{");
      const options = { cwd: repository, env: { ...environment, ...given } };
      execFileSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run!], options);
    };
    const git = (...words: readonly string[]): string =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...words], {
        cwd: repository,
        encoding: "utf8",
      }).trim();

    copyFileSync(picturesModelPath(), join(repository, "net.tflite"));
    for (const name of ["star.png", "ring.png"])
      copyFileSync(
        packagePath("src", "zoo", "pictures", "examples", name),
        join(repository, "pictures", name),
      );
    writeFileSync(join(repository, "pictures", "labels.csv"), "star.png,0\nring.png,1\n");
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "before");
    const base = git("rev-parse", "HEAD");
    // The changed network is another file: its base comes from the history.
    writeFileSync(
      join(repository, "net.tflite"),
      Buffer.concat([readFileSync(picturesModelPath()), Buffer.alloc(4)]),
    );
    git("commit", "-qam", "after");

    run(named("compare"), { BASE: base });
    const comment = readFileSync(join(repository, "comment.md"), "utf8");
    expect(comment).toMatch(/cycles/);
    expect(comment).toMatch(/look-up tables +│ +\d+ │ +\d+ │ 1.000/);
    expect(comment).toMatch(/2 pictures: top-1 /);
    expect(readFileSync(join(repository, "before-net.tflite"))).toEqual(readFileSync(picturesModelPath()));
    expect(readFileSync(join(repository, "accuracy.xml"), "utf8")).toContain("<testsuite");
    run(named("comment"), { GH_TOKEN: "none", NUMBER: "7" });
    expect(readFileSync(join(folder, "gh.txt"), "utf8")).toBe("pr comment 7 --body-file comment.md\n");
  }));
