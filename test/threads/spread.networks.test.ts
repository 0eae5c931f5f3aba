/** Threads run what is built: TypeScript has one thread. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packagePath, packageRoot } from "../../src/platform/package.ts";
import { build } from "../../src/setup/build.mjs";
import { isBuildStale } from "../../src/setup/stale.mjs";
import { prepareFolder, rule } from "../cli/float-model.ts";

const folder = mkdtempSync(join(tmpdir(), "spread-"));
const cli = packagePath("dist", "src", "cli.js");

beforeAll(async () => {
  if (isBuildStale(packageRoot())) await build(packageRoot());
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Prints what `spread` gives for the inputs, or the error, as JSON; `body`: of the function of an input. */
async function spreadInputs(body: string, inputs: readonly unknown[], threads: number, abortAfter?: number) {
  const script = join(folder, `work-${threads}.mjs`);
  const url = (path: string) => JSON.stringify(pathToFileURL(packagePath("dist", "src", path)).href);
  writeFileSync(
    script,
    `import { InputError } from ${url("ir/errors.js")};
import { spread } from ${url("threads/spread.js")};
import { isMainThread, threadId } from "node:worker_threads";
export const work = { module: import.meta.url, name: "work", start: (setup) => async (input) => { ${body} } };
if (isMainThread) {
  const controller = new AbortController();
  const { abortAfter } = ${JSON.stringify({ abortAfter })};
  if (abortAfter !== undefined) setTimeout(() => controller.abort(), abortAfter);
  const results = [];
  try {
    for await (const result of spread(work, { factor: 3 }, ${JSON.stringify(inputs)}, controller.signal)) results.push(result);
    console.log(JSON.stringify({ results }));
  } catch (error) {
    console.log(JSON.stringify({ results, name: error.name, problems: error.problems, isInput: error instanceof InputError, message: error.message }));
  }
}
`,
  );
  const env = { FIREBRICK_THREADS: String(threads) };
  const { stdout } = await execa(process.execPath, [script], { env, timeout: 120_000 });
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

describe("spread", () => {
  const inputs = Array.from({ length: 30 }, (_, i) => i);
  // the first inputs take longest
  const slow =
    "await new Promise((r) => setTimeout(r, input < 3 ? 200 : 1)); return [setup.factor * input, threadId];";

  it("gives the results in the order of the inputs, from several threads", async () => {
    const { results } = (await spreadInputs(slow, inputs, 3)) as { results: [number, number][] };
    expect(results.map(([value]) => value)).toEqual(inputs.map((i) => 3 * i));
    expect(new Set(results.map(([, thread]) => thread)).size).toBe(3);
    const alone = (await spreadInputs(slow, inputs, 1)) as { results: [number, number][] };
    expect(alone.results).toEqual(inputs.map((i) => [3 * i, 0]));
  });

  it("throws what the first wrong input throws, behind the results before it", async () => {
    const problem = { code: "c", node: "n", found: "f", supported: "s", fix: "x" };
    const body = `await new Promise((r) => setTimeout(r, 50 - input));
      if (input > 6) throw new InputError({ ...${JSON.stringify(problem)}, node: String(input) }); return input;`;
    for (const threads of [1, 3])
      expect(await spreadInputs(body, inputs, threads)).toEqual({
        results: [0, 1, 2, 3, 4, 5, 6],
        name: "InputError",
        problems: [{ ...problem, node: "7" }],
        isInput: true,
        message: "c: 7: found f; supported: s; fix: x",
      });
  });

  it("ends threads that never come back", async () => {
    const found = await spreadInputs("for (;;);", inputs, 3, 500);
    expect([found["name"], found["results"]]).toEqual(["AbortError", []]);
  });

  it("tells of a thread that dies", async () => {
    const found = await spreadInputs("process.exit(3);", inputs, 2);
    expect(found["message"]).toMatch("a thread ended with status 3");
  });
});

describe("commands over many pictures", () => {
  it("quantize and accuracy say the same with one thread and with three", async () => {
    const { model, pictures } = await prepareFolder(folder, 20);
    const labels = join(pictures, "labels.csv");
    writeFileSync(labels, Array.from({ length: 20 }, (_, i) => `${i}.png,${i % 5}`).join("\n"));
    const run = async (threads: number) => {
      const env = { FIREBRICK_THREADS: String(threads) };
      const out = join(folder, `out-${threads}`);
      const quantize = ["quantize", model, "--calibrate", pictures, "-o", out, ...rule];
      await execa(process.execPath, [cli, ...quantize], { env });
      const judge = ["accuracy", out, "--float", model, "--images", pictures, "--labels", labels, ...rule];
      const { stdout } = await execa(process.execPath, [cli, ...judge, "--json"], { env });
      return { file: readFileSync(out), judged: stdout.replaceAll(out, "out") };
    };
    const [one, three] = [await run(1), await run(3)];
    expect(three.file.equals(one.file)).toBe(true);
    expect(three.judged).toBe(one.judged);
    expect((JSON.parse(one.judged) as { inputs: unknown[] }).inputs).toHaveLength(20);
    writeFileSync(join(pictures, "7.png"), "no picture");
    const wrong = async (threads: number) => {
      const env = { FIREBRICK_THREADS: String(threads) };
      const judge = ["accuracy", join(folder, "out-1"), "--images", pictures, "--labels", labels];
      const { exitCode, stderr, stdout } = await execa(process.execPath, [cli, ...judge], {
        env,
        reject: false,
      });
      return { exitCode, stdout, said: stderr.split("\n").filter((line) => !line.startsWith("accuracy: ")) };
    };
    const said = await wrong(3);
    expect(said).toEqual(await wrong(1));
    expect([said.exitCode, said.stdout]).toEqual([2, ""]);
    expect(said.said.join("\n")).toMatch(/^firebrick: unknown-format: .*7\.png/);
  });

  it("end on Ctrl-C", async () => {
    const { model, pictures } = { model: join(folder, "float"), pictures: join(folder, "pictures") };
    expect(existsSync(model)).toBe(true);
    const list = join(folder, "many.csv");
    writeFileSync(list, Array.from({ length: 100_000 }, () => "3.png,1").join("\n"));
    const judge = [
      "accuracy",
      join(folder, "out-1"),
      "--float",
      model,
      "--images",
      pictures,
      "--labels",
      list,
      ...rule,
    ];
    const child = execa(process.execPath, [cli, ...judge], {
      env: { FIREBRICK_THREADS: "2" },
      reject: false,
    });
    child.stderr.once("data", () => child.kill("SIGINT"));
    const { exitCode, stderr } = await child;
    expect([exitCode, stderr.includes("firebrick: interrupted")]).toEqual([130, true]);
  });
});
