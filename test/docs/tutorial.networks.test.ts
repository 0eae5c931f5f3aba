import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "../cli/helper.ts";

it("every command of docs/tutorial.md works, in its order", () =>
  inTemporaryFolder(async (folder) => {
    const pictures = packagePath("src", "zoo", "pictures");
    copyFileSync(join(pictures, "pictures.tflite"), join(folder, "net.tflite"));
    copyFileSync(join(pictures, "examples", "star.png"), join(folder, "picture.png"));
    mkdirSync(join(folder, "logits"));
    const files = ["net.tflite", "picture.png", "logits", "report.html", "run.fst", "project"];
    const page = readFileSync(packagePath("docs", "tutorial.md"), "utf8");
    const lines = [...page.matchAll(/^npx firebrick (.+)$/gm)].map(([, line]) => line!.split(" "));
    expect(lines.map(([command]) => command)).toEqual([
      ...["inspect", "golden", "explore", "report", "simulate", "simulate", "compile"],
    ]);
    for (const words of lines) {
      const args = words.map((word) => (files.includes(word) ? join(folder, word) : word));
      const { status, stderr } = await firebrick(...args);
      expect(status, `${words.join(" ")}: ${stderr}`).toBe(0);
    }
    const made = [
      "logits/picture.bin",
      "report.html",
      "run.fst",
      "project/driver/firebrick.c",
      "project/README.md",
      "project/sim/testbench.v",
    ];
    expect(made.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  }));
