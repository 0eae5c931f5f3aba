import { describe, expect, it } from "vitest";
import { benchRandom, cycle, runCycles, streamSink, type Actor, type Dut } from "../../sim/bench/index.ts";
import { observer, withModule } from "./helper.ts";

interface Picture {
  readonly channels: number;
  readonly pixels: number;
}
interface Answer {
  readonly index: number;
  readonly score: number;
  readonly cycles: number;
}

const bytesOut = { valid: "tx_valid_o", ready: "tx_ready_i", data: "tx_data_o" };

/** Sends a byte and then nothing for some cycles, as a serial line does. */
function sendByte(dut: Dut, actors: readonly Actor[], value: number, pause: number): void {
  dut.poke("rx_valid_i", 1);
  dut.poke("rx_data_i", value);
  cycle(dut, actors);
  dut.poke("rx_valid_i", 0);
  for (let i = 0; i < pause; i += 1) cycle(dut, actors);
}

/** Where the picture's bytes have to go: byte of a word, and whether the word is complete. */
function placesOf({ channels, pixels }: Picture): { byte: number; next: number }[] {
  return Array.from({ length: channels * pixels }, (_, i) => {
    const channel = i % channels;
    return { byte: channel % 4, next: Number(channel % 4 === 3 || channel === channels - 1) };
  });
}

describe("small_host", () => {
  const random = benchRandom(6);
  const pictures: readonly [Picture, Answer][] = [
    [
      { channels: 3, pixels: 36 },
      { index: 3, score: -1, cycles: 874_802 },
    ],
    [
      { channels: 1, pixels: 1 },
      { index: 0x2a5, score: -128, cycles: 0xfedc_ba98 },
    ],
    [
      { channels: 4, pixels: 260 },
      { index: 0, score: 127, cycles: 1 },
    ],
    [
      { channels: 9, pixels: 5 },
      { index: 0x3ff, score: 0, cycles: 0x0102_0304 },
    ],
    [
      { channels: 255, pixels: 2 },
      { index: 256, score: 70, cycles: 0 },
    ],
  ];

  it.each([0, 3])(
    "takes pictures, starts the engine once it is idle, answers; %i cycles between bytes",
    (pause) =>
      withModule("small_host", {}, (dut) => {
        const sink = streamSink(dut, { group: "tx", names: bytesOut, stall: 50 });
        const written: { byte: number; next: number; data: number }[] = [];
        let starts = 0;
        const watch = observer(() => {
          starts += dut.peekNumber("start_o");
          if (dut.peekNumber("picture_valid_o") === 0) return;
          written.push({
            byte: dut.peekNumber("picture_byte_o"),
            next: dut.peekNumber("picture_next_o"),
            data: dut.peekNumber("picture_data_o"),
          });
        });
        const actors = [sink, watch];
        for (const [n, [picture, answer]] of pictures.entries()) {
          const { channels, pixels } = picture;
          const data = Array.from({ length: channels * pixels }, () => random.below(256));
          dut.poke("idle_i", n % 2);
          for (const noise of [0x00, 0x45, 0xff]) sendByte(dut, actors, noise, pause);
          for (const byte of [0x46, channels, pixels & 255, pixels >> 8, ...data]) {
            expect(starts).toBe(n);
            sendByte(dut, actors, byte, pause);
          }
          expect(written).toEqual(placesOf(picture).map((place, i) => ({ ...place, data: data[i] })));
          written.length = 0;
          // the engine is still waking its flash
          let wait = 50;
          if (n % 2 === 0) {
            runCycles(dut, actors, { until: () => --wait < 0 });
            expect(starts).toBe(n);
            dut.poke("idle_i", 1);
          }
          runCycles(dut, actors, { until: () => starts === n + 1 });
          dut.poke("idle_i", 0);
          // bytes while it computes are lost, a mark among them
          for (const byte of [0x46, 1, 1, 0, 9]) sendByte(dut, actors, byte, 2);
          expect([starts, written.length, sink.beats.length]).toEqual([n + 1, 0, 8 * n]);
          dut.poke("class_i", answer.index);
          dut.poke("score_i", answer.score & 255);
          dut.poke("cycles_i", answer.cycles);
          dut.poke("done_i", 1);
          cycle(dut, actors);
          dut.poke("done_i", 0);
          dut.poke("idle_i", 1);
          runCycles(dut, actors, { until: () => sink.beats.length === 8 * (n + 1) });
          const reply = Buffer.from(
            sink
              .values()
              .slice(8 * n)
              .map(Number),
          );
          expect(reply[0]).toBe(0x46);
          const { cycles, index, score } = answer;
          expect({
            index: reply.readUInt16LE(1),
            score: reply.readInt8(3),
            cycles: reply.readUInt32LE(4),
          }).toEqual({
            index,
            score,
            cycles,
          });
        }
        expect(starts).toBe(pictures.length);
      }),
  );
});
