/** The generator of fusesoc/ as FuseSoC calls it, and the documents of docs/ecosystem.md. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { packagePath, packageVersion } from "../../src/platform/package.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

const generator = packagePath("fusesoc", "generate.py");
const firebrick = `${process.execPath} ${packagePath("dist", "src", "cli.js")}`;
const core = z.strictObject({
  name: z.string(),
  description: z.string(),
  filesets: z.strictObject({
    rtl: z.strictObject({ files: z.array(z.string()), file_type: z.literal("verilogSource-2005") }),
  }),
  targets: z.strictObject({
    default: z.strictObject({ filesets: z.tuple([z.literal("rtl")]), toplevel: z.string() }),
  }),
});

it.each([
  [{ model: "pictures", array: "4x4" }, "top"],
  [{ model: "net.tflite", board: "pynq-z2", array: "4x4" }, "firebrick_axi"],
] as const)("%o becomes a core whose files are there and hold its top", (parameters, top) =>
  inTemporaryFolder(async (folder) => {
    const work = join(folder, "work");
    mkdirSync(work);
    writeFileSync(
      join(folder, "net.tflite"),
      readFileSync(packagePath("src", "zoo", "pictures", "pictures.tflite")),
    );
    const vlnv = "mine:systems:camera-accelerator:1.0.0";
    const config = {
      gapi: "1.0",
      files_root: folder,
      vlnv,
      parameters: { ...parameters, command: firebrick },
    };
    // JSON is YAML
    writeFileSync(join(work, "input.yml"), JSON.stringify(config));
    await execa("python3", [generator, "input.yml"], { cwd: work });
    const text = readFileSync(join(work, "camera-accelerator.core"), "utf8");
    expect(text.split("\n")[0]).toBe("CAPI=2:");
    const { filesets, name, targets } = core.parse(parse(text.replace(/^.*\n/, "")));
    expect([name, targets.default.toplevel]).toEqual([vlnv, top]);
    expect(filesets.rtl.files.filter((file) => !existsSync(join(work, file)))).toEqual([]);
    const verilog = filesets.rtl.files.map((file) => readFileSync(join(work, file), "utf8")).join("\n");
    expect(verilog).toMatch(new RegExp(`^module ${top} `, "m"));
  }),
);

it("says what is wrong", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "input.yml");
    const run = () => execa("python3", [generator, file], { cwd: folder });
    writeFileSync(file, JSON.stringify({ gapi: "1.0", files_root: ".", vlnv: "a:b:c:1", parameters: {} }));
    await expect(run()).rejects.toThrow("the generator wants the parameter `model`");
    writeFileSync(file, JSON.stringify({ gapi: "2.0", vlnv: "a:b:c:1" }));
    await expect(run()).rejects.toThrow("gapi 2.0 is not 1.0");
  }));

it("is a core of its own that names the script", () => {
  const text = readFileSync(packagePath("fusesoc", "firebrick.core"), "utf8").replace(/^.*\n/, "");
  const { generators, name } = parse(text) as {
    name: string;
    generators: { firebrick: { command: string; interpreter: string } };
  };
  expect(name).toBe(`firebrick:generators:accelerator:${packageVersion()}`);
  expect(existsSync(packagePath("fusesoc", generators.firebrick.command))).toBe(true);
  expect(generators.firebrick.interpreter).toBe("python3");
});

it("has a workflow that YAML takes, whose steps are commands that there are", () => {
  const workflow = readFileSync(packagePath("docs", "accelerator-comment.yml"), "utf8");
  const { jobs } = parse(workflow) as { jobs: { compare: { steps: { run?: string }[] } } };
  const commands = jobs.compare.steps.flatMap(({ run = "" }) => [...run.matchAll(/firebrick (\w+)/g)]);
  expect(commands.map(([, command]) => command)).toEqual([
    ...["report", "report", "report", "accuracy", "simulate"],
  ]);
});

it("npm run sbom lists the packages that Firebrick runs with", async () => {
  await execa("node", ["src/setup/sbom.mjs"], { cwd: packagePath() });
  const sbom = JSON.parse(readFileSync(packagePath("build", "sbom.cdx.json"), "utf8")) as {
    bomFormat: string;
    components: { name: string }[];
  };
  expect(sbom.bomFormat).toBe("CycloneDX");
  const names = sbom.components.map(({ name }) => name);
  const { dependencies, devDependencies } = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as {
    dependencies: object;
    devDependencies: object;
  };
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  expect(names.filter((name) => name in devDependencies)).toEqual([]);
});
