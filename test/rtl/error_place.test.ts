import { describe, expect, it } from "vitest";
import type { Dut } from "../../sim/bench/index.ts";
import { pulse, withModule } from "./helper.ts";

const place = (dut: Dut) => ["unit_o", "block_o", "addr_o", "decode_o"].map((port) => dut.peekNumber(port));

function read(dut: Dut, unit: number, block: number, addr: number, decode: number): void {
  dut.poke("read_unit_i", unit);
  dut.poke("read_block_i", block);
  dut.poke("read_addr_i", addr);
  dut.poke("read_decode_i", decode);
}

function write(dut: Dut, block: number, addr: number, decode: number): void {
  dut.poke("write_block_i", block);
  dut.poke("write_addr_i", addr);
  dut.poke("write_decode_i", decode);
}

describe("error_place", () => {
  it("has what the error came with, of reads and of writes, and keeps it while it is held", () =>
    withModule("error_place", {}, (dut) => {
      read(dut, 4, 17, 0x8000_1230, 1);
      write(dut, 200, 0xffff_fff0, 0);
      pulse(dut, "read_i");
      expect(place(dut)).toEqual([4, 17, 0x8000_1230, 1]);
      dut.poke("held_i", 1);
      pulse(dut, "write_i");
      read(dut, 1, 0, 0, 0);
      pulse(dut, "read_i");
      expect(place(dut)).toEqual([4, 17, 0x8000_1230, 1]);
      dut.poke("held_i", 0);
      dut.step(3);
      expect(place(dut)).toEqual([4, 17, 0x8000_1230, 1]);
      pulse(dut, "write_i");
      expect(place(dut)).toEqual([5, 200, 0xffff_fff0, 0]);
    }));

  it("takes the read of a read and a write that come together", () =>
    withModule("error_place", {}, (dut) => {
      read(dut, 2, 3, 0x40, 0);
      write(dut, 4, 0x80, 1);
      dut.poke("write_i", 1);
      pulse(dut, "read_i");
      expect(place(dut)).toEqual([2, 3, 0x40, 0]);
    }));
});
