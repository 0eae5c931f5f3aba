import {
  descriptorBytes,
  encodeDescriptor,
  resultWords,
  rowReaderWords,
  rowWriterWords,
  sequencerWords,
  weightLoaderWords,
  type Descriptor,
  type PhaseValues,
} from "../../src/format/descriptor.ts";
import { zeros } from "../../src/format/fields.ts";
import { cycle, verilateModule, type Actor, type Dut } from "../../sim/bench/index.ts";

/** A module of hw/rtl with all inputs zero, out of reset. */
export async function openModule(
  top: string,
  parameters: Readonly<Record<string, number>> = {},
): Promise<Dut> {
  const dut = await verilateModule({ top, parameters });
  for (const port of dut.ports.values()) if (port.direction === "input") dut.poke(port.name, 0);
  if (dut.ports.has("rst_i")) dut.reset();
  return dut;
}

/** Runs `test` on a module and closes it. */
export async function withModule(
  top: string,
  parameters: Readonly<Record<string, number>>,
  test: (dut: Dut) => void,
): Promise<void> {
  const dut = await openModule(top, parameters);
  try {
    test(dut);
  } finally {
    dut.close();
  }
}

/** An actor that only looks. */
export function observer(observe: () => void): Actor {
  return { drive: () => undefined, observe };
}

/** An actor that only drives. */
export function driver(drive: () => void): Actor {
  return { drive, observe: () => undefined };
}

/** One cycle with `port` high. */
export function pulse(dut: Dut, port: string): void {
  dut.poke(port, 1);
  dut.step();
  dut.poke(port, 0);
  dut.eval();
}

/** Some cycles of work that a reset cuts off; transfers into the module stop with it. */
export function resetInTheMiddle(dut: Dut, actors: readonly Actor[], cycles = 157): void {
  for (let i = 0; i < cycles; i += 1) cycle(dut, actors);
  for (const port of ["in_valid_i", "rsp_valid_i", "m_axi_bvalid", "free_valid_i"]) {
    if (dut.ports.has(port)) dut.poke(port, 0);
  }
  dut.reset();
}

/** The parts of a descriptor that a bench gives values to; fields that it leaves out are zero. */
export interface DescriptorParts {
  readonly rowReader?: Partial<Descriptor["rowReader"]>;
  readonly weightLoader?: Partial<Descriptor["weightLoader"]>;
  readonly rowWriter?: Partial<Descriptor["rowWriter"]>;
  readonly sequencer?: Partial<Descriptor["sequencer"]>;
  readonly phases?: readonly PhaseValues[];
  readonly results?: Partial<Descriptor["results"]>;
}

/** The words of a block descriptor, 128 with a third phase, else 64. */
export function descriptor({ phases = [], ...parts }: DescriptorParts): number[] {
  const words = encodeDescriptor({
    rowReader: { ...zeros(rowReaderWords), ...parts.rowReader },
    weightLoader: { ...zeros(weightLoaderWords), ...parts.weightLoader },
    rowWriter: { ...zeros(rowWriterWords), ...parts.rowWriter },
    sequencer: { ...zeros(sequencerWords), ...parts.sequencer },
    phases,
    results: { ...zeros(resultWords), ...parts.results },
  });
  return Array.from({ length: descriptorBytes(phases.length) / 4 }, (_, i) => words[i] ?? 0);
}

/** Little-endian 32-bit words as one value. */
export function packWords(words: readonly number[]): bigint {
  return words.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n);
}

/** Fields of `width` bits, the first in the low bits, as one value. */
export function packFields(values: readonly number[], width: number): bigint {
  return values.reduceRight(
    (sum, value) => (sum << BigInt(width)) | BigInt.asUintN(width, BigInt(value)),
    0n,
  );
}

/** Writes block descriptors through the desc_* stream, one beat a cycle, and says that the program is loaded. */
export function loadDescriptors(dut: Dut, blocks: readonly (readonly number[])[]): void {
  const wordsABeat = (dut.ports.get("desc_data_i")?.width ?? 0) / 32;
  dut.poke("desc_valid_i", 1);
  for (const [block, words] of blocks.entries()) {
    for (let beat = 0; beat * wordsABeat < words.length; beat += 1) {
      dut.poke("desc_block_i", block);
      dut.poke("desc_beat_i", beat);
      dut.poke("desc_data_i", packWords(words.slice(beat * wordsABeat, (beat + 1) * wordsABeat)));
      dut.step();
    }
  }
  dut.poke("desc_valid_i", 0);
  if (!dut.ports.has("loaded_i")) return;
  dut.poke("blocks_i", blocks.length);
  dut.poke("loaded_i", 1);
}

/** Seeded bytes. */
export function randomBytes(length: number, random: { below(limit: number): number }): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}
