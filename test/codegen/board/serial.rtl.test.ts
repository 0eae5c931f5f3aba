/** Boards with an SDRAM and a serial line: the project's own top with the memory's model, from the model's bytes to the class. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { lint } from "../../../hw/lint/lint.ts";
import { verilateModule, type Dut } from "../../../sim/bench/index.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { modelImage } from "../../../codegen/view/memory-image.ts";
import type { Plan } from "../../../src/4-schedule/plan.ts";
import type { IntGraph, IntMap } from "../../../src/ir/integer.ts";
import { placeRegions } from "../../../src/format/regions.ts";
import { loadModel } from "../../../src/load.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { noise } from "../../networks/accelerator.ts";
import { compileModel } from "../../support/compiled.ts";

/** Clock cycles a bit in the bench. */
const BIT = 4;

describe.each([
  ["ulx3s-85f", "ulx3s_85f", "rst_i"],
  ["tang-nano-20k", "tang_nano_20k", "rst_i"],
] as const)("%s", (name, top, button) => {
  const board = boardByName(name);
  const { sdram } = board;
  let folder = "";
  let graph: IntGraph;
  let plan: Plan;
  const listed = (file: string): string[] => readFileSync(join(folder, file), "utf8").trim().split("\n");
  /** For simulation, with twins of the device's parts. */
  const sources = (): string[] =>
    [...listed("files.f"), "board/firebrick_axi.v", ...listed("board/serial.f")].map((path) =>
      join(folder, path),
    );

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "firebrick-serial-"));
    graph = loadModel("pictures");
    const compiled = compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8, board });
    plan = compiled.plan;
    writeFiles(compiled.files, folder);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(["verilator", "verilator as SystemVerilog", "iverilog", "identifiers"] as const)(
    "%s finds nothing in its top",
    async (tool) => {
      expect(await lint(tool, top, sources())).toBe("");
    },
  );

  it("tells its host by how much pictures and scores are above int8, each by its own type", () => {
    const types = (input: IntMap["dtype"], output: IntMap["dtype"]): readonly (string | undefined)[] => {
      const typed = (id: number, dtype: IntMap["dtype"]) => [id, { ...graph.maps.get(id)!, dtype }] as const;
      const maps = new Map([...graph.maps, typed(graph.input, input), typed(graph.logits, output)]);
      const options = { array: { pk: 4, pc: 4 }, busBytes: 8, board } as const;
      const script = String(compileModel({ ...graph, maps }, options).files.get("host/classify.py"));
      return ["INPUT", "OUTPUT"].map((name) => new RegExp(`^${name}_ABOVE = (.*)$`, "m").exec(script)?.[1]);
    };
    expect(types("uint8", "int8")).toEqual(["128", "0"]);
    expect(types("int8", "uint8")).toEqual(["0", "128"]);
  });

  it("has a pin for every port, and none for another", () => {
    const ending = board.vendor === "gowin" ? "cst" : "lpf";
    const constraints = readFileSync(join(folder, "board", `${name}.${ending}`), "utf8");
    const placed = [...constraints.matchAll(/(?:LOCATE COMP|IO_LOC) "([^"]+)" (?:SITE )?"?([\w]+)/g)];
    const pins = placed.map(([, , pin]) => pin);
    expect(new Set(pins).size).toBe(pins.length);
    const ports = placed.map(([, port]) => port);
    expect(ports).toEqual(
      expect.arrayContaining(["clk", "button", "uart_rx", "uart_tx", "led[0]", "led[1]"]),
    );
    // memory in the package has no pins of its own
    const memory = ports.filter((port) => port!.includes("sdram"));
    expect(memory).toHaveLength(sdram!.pins === null ? 0 : 6 + 2 + 13 + 2 + 16);
  });

  describe("simulated", () => {
    let dut: Dut;
    beforeAll(async () => {
      const bench = join(folder, "bench.v");
      const replaced = {
        ...{ TOP: top, ROW_W: sdram!.rowBits, COL_W: sdram!.columnBits, DATA_BYTES: sdram!.dataBits / 8 },
        ...{
          PERIOD: Math.round(1e6 / board.clock.target),
          REFRESH: 1000 * sdram!.nanoseconds.refresh,
          BUTTON: board.pins.reset!.activeLow ? `!${button}` : button,
        },
      };
      let text = readFileSync(packagePath("test", "codegen", "board", "serial-bench.v"), "utf8");
      for (const [word, value] of Object.entries(replaced))
        text = text.replaceAll(new RegExp(`\\b${word}\\b`, "g"), String(value));
      writeFileSync(bench, text);
      const memory = packagePath("hw", "bench", "sdram.v");
      dut = await verilateModule({
        top: "serial_bench",
        files: [bench, ...sources(), memory],
        libraries: [],
      });
      dut.poke("uart_rx_i", 1);
      dut.reset();
      dut.step(8000);
    });
    afterAll(() => {
      dut.close();
    });

    const send = (bytes: Uint8Array): void => {
      for (const byte of bytes) {
        for (const bit of [0, ...Array.from({ length: 8 }, (_, i) => (byte >> i) & 1), 1]) {
          dut.poke("uart_rx_i", bit);
          dut.step(BIT);
        }
      }
    };
    const receive = (count: number): Uint8Array => {
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        for (let waited = 0; dut.peekNumber("uart_tx_o") === 1; waited++) {
          if (waited > 2_000_000) throw new Error("no answer");
          dut.step();
        }
        dut.step(BIT / 2);
        for (let bit = 0; bit < 8; bit++) {
          dut.step(BIT);
          bytes[i]! |= dut.peekNumber("uart_tx_o") << bit;
        }
        dut.step(BIT);
      }
      return bytes;
    };
    /** What host/classify.py makes of its arguments. */
    const python = async (script: string): Promise<string> => {
      const { stdout } = await execa("python3", ["-c", `import sys, classify\n${script}`], {
        cwd: join(folder, "host"),
      });
      return stdout;
    };

    it("says what is wrong without a model and with one that writes elsewhere, and classifies two pictures as the golden model does", async () => {
      const above = graph.maps.get(graph.input)!.dtype === "uint8" ? 128 : 0;
      const ask = async (values: Int8Array): Promise<string> => {
        writeFileSync(
          join(folder, "host", "p.bin"),
          Uint8Array.from(values, (value) => value + above),
        );
        send(Buffer.from(await python("print(classify.request(open('p.bin', 'rb').read()).hex())"), "hex"));
        const mark = receive(1);
        const rest = receive(mark[0] === 0x45 ? 8 : 7);
        const answer = Buffer.concat([mark, rest]).toString("hex");
        return python(`print(*classify.answer(bytes.fromhex("${answer}")))`);
      };
      await expect(ask(noise(graph, 5))).rejects.toThrow(/program: header or check: was the model sent\?/);
      const load = (model: Uint8Array): void => {
        send(Uint8Array.of(0x4c, ...new Uint8Array(Uint32Array.of(model.length).buffer)));
        send(model);
        expect([...receive(1)]).toEqual([0x4c]);
      };
      const [first, ...others] = plan.blocks;
      const destination = { ...first!.destination, offset: 2 ** 20 };
      load(modelImage({ ...plan, blocks: [{ ...first!, destination }, ...others] }));
      const { places } = placeRegions(plan.regionBytes);
      const region = places.find(({ name }) => name === destination.region)!;
      const place = `0x${(region.offset + destination.offset).toString(16).padStart(8, "0")}`;
      await expect(ask(noise(graph, 5))).rejects.toThrow(
        `write outside its region, not done: results of block 0 at ${place}: was the model sent?`,
      );
      load(readFileSync(join(folder, "memory", "model.bin")));
      for (const seed of [1, 2]) {
        const values = noise(graph, seed);
        const logits = [...runGolden(graph, values).maps.get(graph.logits)!];
        const best = logits.indexOf(Math.max(...logits));
        const [index, score, cycles] = (await ask(values)).split(" ").map(Number);
        expect([index, score]).toEqual([best, logits[best]! + above]);
        expect(cycles).toBeGreaterThan(graph.macs / 16);
        expect(dut.peekNumber("led_o") & 2).toBe(board.pins.leds[1]!.activeLow === (best % 2 === 1) ? 0 : 2);
      }
      expect(dut.peekNumber("fault_o")).toBe(0);
    });
  });
});

describe("host/classify.py", () => {
  it("sends a model and pictures to a port, and says what the board answers", async () => {
    const root = mkdtempSync(join(tmpdir(), "firebrick-serial-"));
    try {
      const board = boardByName("ulx3s-85f");
      const graph = loadModel("pictures");
      writeFiles(compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8, board }).files, root);
      const model = readFileSync(join(root, "memory", "model.bin"));
      const { channels, height, width } = graph.maps.get(graph.input)!;
      // the other end of a terminal pair in place of the board
      const script = [
        "import os, pty, subprocess, sys, tty",
        "board, port = pty.openpty()",
        "tty.setraw(board); tty.setraw(port)",
        "run = subprocess.Popen([sys.executable, 'host/classify.py', os.ttyname(port), '--model', 'memory/model.bin'])",
        "got = b''",
        `while len(got) < ${model.length + 5}: got += os.read(board, 4096)`,
        "os.write(board, b'\\x4c')",
        "assert run.wait() == 0",
        "assert got[0] == 0x4c and int.from_bytes(got[1:5], 'little') == len(got) - 5",
        "assert got[5:] == open('memory/model.bin', 'rb').read()",
        `open('picture.bin', 'wb').write(bytes(${height * width * channels}))`,
        "words = [sys.executable, 'host/classify.py', os.ttyname(port), 'picture.bin']",
        "for answer in sys.argv[1:]:",
        "    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)",
        `    got = b''`,
        `    while len(got) < ${height * width * channels + 4}: got += os.read(board, 4096)`,
        "    data = bytes.fromhex(answer)",
        "    os.write(board, data[:3]); os.write(board, data[3:])",
        "    print(run.communicate()[0], end='')",
      ];
      const answers = ["4603000240e20100", "458000050240000010", "450400000000000000", "58"];
      const { stdout } = await execa("python3", ["-c", script.join("\n"), ...answers], { cwd: root });
      const score = 2 + (graph.maps.get(graph.logits)!.dtype === "uint8" ? 128 : 0);
      expect(stdout.split("\n")).toEqual([
        expect.stringMatching(new RegExp(`^class 3 .*, logit ${score}, 123456 cycles, `)),
        "write outside its region, not done: results of block 2 at 0x10000040: was the model sent?",
        "program: header or check: was the model sent?",
        "unexpected answer 58",
      ]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
