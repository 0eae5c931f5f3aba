import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const zoo = "mobilenet-v1-0.25-32";

it("--activation takes the place of every activation of a zoo network", async () => {
  const { status, stdout } = await firebrick("inspect", zoo, "--activation", "hard-swish", "--json");
  expect(status).toBe(0);
  const layersOf = (text: string) => (JSON.parse(text) as { layers: { operator: string }[] }).layers;
  const layers = layersOf(stdout);
  const plain = layersOf((await firebrick("inspect", zoo, "--json")).stdout);
  const kernels = layers.filter(({ operator }) => operator === "kernel");
  // the first convolution, 13 depthwise and 13 pointwise ones
  expect(kernels).toHaveLength(27);
  expect(layers).toHaveLength(plain.length + 27);
});

it("says what is wrong with a kernel, where, and ends with status 2", () =>
  inTemporaryFolder(async (folder) => {
    const unknown = await firebrick("inspect", zoo, "--activation", "swishy");
    expect(unknown).toMatchObject({ status: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/^firebrick: unknown-activation: swishy: .*hard-swish/);

    const model = packagePath("src", "zoo", "pictures", "pictures.tflite");
    const trained = await firebrick("golden", model, "--activation", "tanh", "--input", "a.png");
    expect(trained).toMatchObject({ status: 2, stdout: "" });
    expect(trained.stderr).toMatch(/bad-option: --activation: found a model with weights/);

    const wide = join(folder, "wide.ts");
    const text = "/** @places x 4\n * @places result 4 */\nexport function wide(x: Int<16>): Int<8> {\n";
    writeFileSync(
      wide,
      `import { saturateInt, type Int } from "firebrick/hls";\n${text}  return saturateInt(8, x);\n}\n`,
    );
    const unfit = await firebrick("compile", zoo, "--activation", wide, "-o", join(folder, "out"));
    expect(unfit).toMatchObject({ status: 2, stdout: "" });
    expect(unfit.stderr).toMatch(/broken-activation: .*wide\.ts: found wide\(x: Int<16>\) => Int<8>/);

    const file = join(folder, "float.ts");
    const head = 'import { int, type Int } from "firebrick/hls";\n';
    const tags = "/** @places x 4\n * @places result 4 */\n";
    const body = "export function half(x: Int<8>): Int<8> {\n  return int(8, BigInt(Number(x) & 127));\n}\n";
    writeFileSync(file, head + tags + body);
    const out = join(folder, "out");
    const refused = await firebrick("compile", zoo, "--activation", file, "--array", "4x4", "-o", out);
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toMatch(/^firebrick: \d errors? in a kernel\n[\s\S]*float\.ts:5:\d+ .*HLS0/);
  }));
