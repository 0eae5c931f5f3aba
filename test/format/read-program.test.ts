import { expect, it } from "vitest";
import {
  descriptorBytes,
  encodeDescriptor,
  phaseWords,
  resultWords,
  rowReaderWords,
  rowWriterWords,
  sequencerWords,
  weightLoaderWords,
} from "../../src/format/descriptor.ts";
import { zeros } from "../../src/format/fields.ts";
import { checkedHeader, HEADER_BYTES, PROGRAM_MAGIC } from "../../src/format/program.ts";
import { readProgram } from "../../src/format/read-program.ts";

/** A program of one block that says it has `phases`, for hardware of two, with nothing behind it. */
function program(phases: number): Uint8Array {
  const words = new Uint32Array((HEADER_BYTES + descriptorBytes(2)) / 4);
  const size = { keptFrom: 0, keptTo: 0, lanes: 4, multipliers: 4, busBytes: 8, third: 0, identity: 7 };
  const descriptor = encodeDescriptor({
    rowReader: zeros(rowReaderWords),
    weightLoader: zeros(weightLoaderWords),
    rowWriter: zeros(rowWriterWords),
    sequencer: { ...zeros(sequencerWords), phases },
    phases: [zeros(phaseWords), zeros(phaseWords)],
    results: zeros(resultWords),
  });
  words.set(descriptor, HEADER_BYTES / 4);
  words.set(checkedHeader({ magic: PROGRAM_MAGIC, blocks: 1, ...size }, words.subarray(HEADER_BYTES / 4)));
  return new Uint8Array(words.buffer);
}

it("reads the phases that a block has", () => {
  expect(readProgram("p.bin", program(1)).blocks[0]?.phases).toHaveLength(1);
  expect(readProgram("p.bin", program(2)).blocks[0]?.phases).toHaveLength(2);
});

it.each([
  ["the header", 4, 1],
  ["the check", 13, 128],
  ["a descriptor", HEADER_BYTES + 40, 4],
  ["the last byte", HEADER_BYTES + descriptorBytes(2) - 1, 64],
])("refuses a program with a wrong bit in %s", (_, offset, bit) => {
  const bytes = program(1);
  bytes[offset]! ^= bit;
  expect(() => readProgram("p.bin", bytes)).toThrow("broken-program: p.bin: found ");
});

it.each([3, 15])(
  "refuses %i phases on hardware of two, and reads nothing behind the program for them",
  (phases) => {
    expect(() => readProgram("p.bin", program(phases))).toThrow(
      `broken-program: p.bin: found ${phases} phases in block 0, of at most 2`,
    );
  },
);
