import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { residualOperations } from "../../src/format/descriptor.ts";
import { descriptor, loadDescriptors, withModule } from "./helper.ts";
import { addFields, addQuantized, randomConstants } from "./support/add.ts";
import { packBytes, randomInt8, unpackInt8 } from "./support/bytes.ts";

const latency = 10;
const shapes = [
  { BusBytes: 8, MaxBlocks: 3, Pk: 4, LbBytes: 8, AddrW: 6, Operations: 0, TokenW: 1 },
  { BusBytes: 8, MaxBlocks: 32, Pk: 4, LbBytes: 8, AddrW: 6, Operations: 1, TokenW: 1 },
  { BusBytes: 16, MaxBlocks: 255, Pk: 32, LbBytes: 32, AddrW: 10, Operations: 0, TokenW: 60 },
  { BusBytes: 16, MaxBlocks: 16, Pk: 8, LbBytes: 16, AddrW: 12, Operations: 1, TokenW: 32 },
];

interface Sum {
  readonly valid: boolean;
  readonly token: bigint;
  readonly data: readonly number[];
}

describe.each(shapes)(
  "residual_add of $Pk lanes, $LbBytes bytes a line-buffer word, operations $Operations",
  (shape) => {
    const random = benchRandom(31 + shape.Pk);
    const blocks = Array.from({ length: Math.min(shape.MaxBlocks, 20) }, (_, block) => ({
      constants: randomConstants(
        random,
        shape.Operations === 0 ? "add" : residualOperations[block % residualOperations.length],
      ),
      // one block in three adds nothing
      residual: block % 3 !== 1,
    }));
    const buffer = Array.from({ length: 1 << shape.AddrW }, () => randomInt8(random, shape.LbBytes));

    it.each([0, 60])("adds to the results of all blocks in turn, none in %i of 100 cycles", (idle) =>
      withModule("residual_add", shape, (dut) => {
        loadDescriptors(
          dut,
          blocks.map(({ constants, residual }) =>
            // bits beside the flag belong to the region and the pool
            descriptor({
              results: {
                ...{ region: 3, residual: Number(residual), pool: 1, pool3: 1, pixelChunks: 1 },
                ...addFields(constants),
              },
            }),
          ),
        );
        const sums: Sum[] = [];
        let read = 0;
        for (let cycle = 0; cycle < 2500; cycle += 1) {
          const valid = !random.chance(idle);
          const token = random.bits(shape.TokenW);
          const block = random.below(blocks.length);
          const toMemory = random.chance(80);
          const row = random.below(1 << (shape.AddrW - 1));
          const offset = random.below((1 << (shape.AddrW - 1)) * (shape.LbBytes / shape.Pk)) * shape.Pk;
          const data = randomInt8(random, shape.Pk);
          dut.poke("valid_i", valid);
          dut.poke("token_i", token);
          dut.poke("block_i", block);
          dut.poke("to_memory_i", toMemory);
          dut.poke("addr_i", row);
          dut.poke("offset_i", offset);
          dut.poke("data_i", packBytes(data));
          dut.poke("rdata_i", packBytes(buffer[read]!));
          dut.eval();
          read = dut.peekNumber("raddr_o");
          expect(read).toBe(row + Math.floor(offset / shape.LbBytes));
          const { constants, residual } = blocks[block]!;
          const at = offset % shape.LbBytes;
          const other = buffer[read]!.slice(at, at + shape.Pk);
          sums.push({
            valid,
            token,
            data:
              residual && toMemory ? data.map((value, k) => addQuantized(value, other[k]!, constants)) : data,
          });
          dut.step();
          const due = sums[cycle - latency + 1];
          if (due === undefined) continue;
          expect(dut.peekNumber("valid_o")).toBe(Number(due.valid));
          if (!due.valid) continue;
          expect(dut.peek("token_o")).toBe(due.token);
          expect(unpackInt8(dut.peek("data_o"), shape.Pk)).toEqual(due.data);
        }
      }),
    );

    it("drops what is on its way at reset", () =>
      withModule("residual_add", shape, (dut) => {
        dut.poke("valid_i", 1);
        dut.step(20);
        expect(dut.peekNumber("valid_o")).toBe(1);
        dut.poke("valid_i", 0);
        dut.reset(1);
        for (let cycle = 0; cycle < latency; cycle += 1) {
          expect(dut.peekNumber("valid_o")).toBe(0);
          dut.step();
        }
      }));
  },
);
