import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "../cli/helper.ts";

const page = readFileSync(packagePath("docs", "activations.md"), "utf8");

it("docs/activations.md works, read from top to bottom", () =>
  inTemporaryFolder(async (folder) => {
    const picture = packagePath("src", "zoo", "pictures", "examples", "star.png");
    copyFileSync(picture, join(folder, "picture.png"));
    const files = [...page.matchAll(/^`(\S+\.ts)`[^\n]*:\n\n```ts\n([\s\S]*?)```/gm)];
    expect(files.map(([, name]) => name)).toEqual(["swish.ts", "mini-v3.ts"]);
    // the title's ten lines
    expect(
      files[0]![2]!
        .trim()
        .split("\n")
        .filter((line) => line !== "").length,
    ).toBe(9);
    for (const [, name, text] of files) writeFileSync(join(folder, name!), text!);
    const commands = [...page.matchAll(/^npx firebrick (.+)$/gm)].map(([, line]) => line!.split(" "));
    expect(commands.map(([command]) => command)).toEqual(["hls", "simulate", "golden"]);
    const outputs: string[] = [];
    for (const words of commands) {
      const inFolder = (word: string) => /\.(ts|png)$|^kernel$/.test(word);
      const { status, stdout, stderr } = await firebrick(
        ...words.map((word) => (inFolder(word) ? join(folder, word) : word)),
      );
      expect(status, `${words.join(" ")}: ${stderr}`).toBe(0);
      outputs.push(stdout);
    }
    expect(outputs[0]).toMatch(/checked: \d+ operands, the Verilog equals the function/);
    expect(outputs[1]).toContain("equal to the golden model");
    expect(outputs[1]).toMatch(/bneck2\/depthwise/);
  }));
