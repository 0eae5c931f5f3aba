/** The whole small engine: a picture arrives on the serial line, class and cycles leave on it and on the lights. */
import { execa } from "execa";
import { expect, it } from "vitest";
import { NETWORK_FILE } from "../../codegen/small/generate.ts";
import { writeFiles } from "../../codegen/write.ts";
import { benchRandom, runCycles, type Dut } from "../../sim/bench/index.ts";
import { quadFlash } from "../../sim/small/flash.ts";
import { smallRunner } from "../../sim/small/run.ts";
import { boardByName } from "../../src/boards/index.ts";
import { compileSmall } from "../support/compiled.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { inTemporaryFolder } from "../cli/helper.ts";
import { sketch } from "../networks/sketch.ts";
import { observer, withModule } from "./helper.ts";
import { uartReceiver, uartSender } from "./support/uart.ts";

const board = boardByName("icebreaker");
const address = board.smallEngine!.flash.offset;
const Divisor = Math.round((board.clock.target * 1e6) / board.smallEngine!.baud);

const networks = (): IntGraph[] =>
  [
    sketch("tiny", [6, 7, 3])
      .conv(8, { kernel: [3, 3], stride: [2, 2], same: true })
      .depthwise({ kernel: [3, 3], same: true })
      .dense(10),
    // more classes than a byte counts, and a picture whose pixels take more than a word
    sketch("many-classes", [2, 3, 6])
      .conv(12, { kernel: [1, 1] })
      .mean()
      .dense(300),
    // uint8 on the line, int8 in the engine
    sketch("unsigned", [3, 9, 9], "uint8")
      .averagePool({ kernel: [3, 3], stride: [3, 3] })
      .averagePool({ kernel: [1, 3] }),
  ].map((network) => network.graph());

/** Runs statements of Python on the project's host script `c`. */
async function host(folder: string, statements: string): Promise<string> {
  const script = `import sys; sys.path.insert(0, 'host'); import classify as c\n${statements}`;
  return (await execa("python3", ["-B", "-c", script], { cwd: folder })).stdout;
}

/** Bytes of the model's own type. */
function pictureOf({ input, maps }: IntGraph, seed: number): Uint8Array {
  const { channels, height, width } = maps.get(input)!;
  const random = benchRandom(seed, "picture");
  return Uint8Array.from({ length: height * width * channels }, () => random.below(256));
}

interface Expected {
  readonly index: number;
  readonly score: number;
  /** Cycles that the engine takes when its picture does not come on the serial line. */
  readonly cycles: number;
}

/** What the golden model says of each picture, and the cycles of small_engine alone. */
async function expectedOf(compiled: ReturnType<typeof compileSmall>, pictures: readonly Uint8Array[]) {
  const { files, plan } = compiled;
  const isUnsigned = plan.graph.maps.get(plan.graph.input)!.dtype === "uint8";
  const expected: Expected[] = [];
  await withModule("small_engine", {}, (dut) => {
    const run = smallRunner(dut, files.get(NETWORK_FILE) as Uint8Array, address);
    for (const picture of pictures) {
      const input = Int8Array.from(picture, (byte) => (isUnsigned ? byte - 128 : byte));
      const golden = runGolden(plan.graph, input);
      const maps = plan.layers.map(({ operator }) => golden.maps.get(operator.output)!);
      const image = run({ plan, input, expected: maps });
      expect([image.failure, image.divergence]).toEqual([null, null]);
      const logits = maps.at(-1)!;
      const score = Math.max(...logits);
      expected.push({
        index: logits.indexOf(score),
        score: isUnsigned ? score + 128 : score,
        cycles: image.cycles,
      });
    }
  });
  return expected;
}

/** Sends the requests, each when the answer to the one before it is there; returns the answers' bytes and the lights. */
function serve(dut: Dut, network: Uint8Array, requests: readonly Uint8Array[]) {
  const flash = quadFlash(dut, { bytes: network, address, wakeCycles: 72 });
  const sender = uartSender(dut, "rx_i", Divisor);
  const receiver = uartReceiver(dut, "tx_o", Divisor);
  let busy = 0;
  const lights = observer(() => (busy += 1 - dut.peekNumber("idle_o")));
  const actors = [flash, sender, receiver, lights];
  dut.poke("rx_i", 1);
  dut.reset();
  return requests.map((request, n) => {
    sender.send(...Array.from(request, (value) => ({ value })));
    runCycles(dut, actors, { until: () => sender.done, maxCycles: 40 * request.length * Divisor });
    busy = 0;
    runCycles(dut, actors, { until: () => receiver.bytes.length === 8 * (n + 1) });
    return {
      answer: Buffer.from(receiver.bytes.slice(8 * n)),
      idle: dut.peekNumber("idle_o"),
      class: dut.peekNumber("class_o"),
      busy,
    };
  });
}

it.each(networks())("$name, from serial line to serial line and lights", (graph) =>
  inTemporaryFolder(async (folder) => {
    const compiled = compileSmall(graph, board);
    writeFiles(compiled.files, folder);
    const pictures = [1, 2, 3].map((seed) => pictureOf(graph, seed));
    const expected = await expectedOf(compiled, pictures);
    // the classes tell pictures apart, and the score is not the lowest there is
    expect(new Set(expected.map(({ index }) => index)).size).toBeGreaterThan(1);

    // the bytes of the script that comes with the project
    const hex = pictures.map((picture) => Buffer.from(picture).toString("hex"));
    const calls = hex.map((bytes) => `print(c.request(bytes.fromhex('${bytes}')).hex())`);
    const sent = (await host(folder, calls.join("\n"))).split("\n").map((line) => Buffer.from(line, "hex"));
    // a reset of the board in the middle of a byte may leave a byte of noise
    const requests = sent.map((bytes, n) => (n === 1 ? Buffer.concat([Buffer.from([0xff]), bytes]) : bytes));

    const answers: string[] = [];
    await withModule("small_system", { Address: address, Divisor }, (dut) => {
      const seen = serve(dut, compiled.files.get(NETWORK_FILE) as Uint8Array, requests);
      expect(seen.map(({ class: index }) => index)).toEqual(expected.map(({ index }) => index));
      expect(seen.map(({ idle }) => idle)).toEqual([1, 1, 1]);
      answers.push(...seen.map(({ answer }) => answer.toString("hex")));
      for (const [n, { busy }] of seen.entries())
        expect(Math.abs(busy - expected[n]!.cycles)).toBeLessThan(16);
    });
    const read = answers.map((bytes) => `print(c.answer(bytes.fromhex('${bytes}')))`);
    expect(await host(folder, read.join("\n"))).toBe(
      expected.map(({ cycles, index, score }) => `(${index}, ${score}, ${cycles})`).join("\n"),
    );
  }),
);
