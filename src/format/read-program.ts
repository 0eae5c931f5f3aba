/** A program read back from memory: what `firebrick inspect --program` shows. */
import { InputError, type Problem } from "../ir/errors.ts";
import { decodeDescriptor, descriptorBytes, phaseKinds, type Descriptor } from "./descriptor.ts";
import { decode, encode, type Values } from "./fields.ts";
import { HEADER_BYTES, HEADER_READ_BYTES, headerWords, PROGRAM_MAGIC, programCheck } from "./program.ts";

export interface Program {
  readonly header: Values<typeof headerWords>;
  readonly blocks: readonly Descriptor[];
}

const supported = "the model region of an accelerator with a multiplier array";
const fix = "name the memory/model.bin that firebrick compile wrote, or compile the network again";

/**
 * The program at the start of `bytes`, the content of the model region; weights may follow or be missing.
 * Throws InputError: not-a-program without the magic; broken-program with all that is impossible in it.
 */
export function readProgram(file: string, bytes: Uint8Array): Program {
  const words = wordsOf(bytes);
  if (words[0] !== PROGRAM_MAGIC) {
    const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const found = `a file of ${bytes.length} bytes that begins with ${start || "nothing"}, not with 46 42 4b 31`;
    const both = `${supported}, or the network of a small engine`;
    throw new InputError({ code: "not-a-program", node: file, found, supported: both, fix });
  }
  const broken = (found: string): Problem => ({ code: "broken-program", node: file, found, supported, fix });
  if (bytes.length < HEADER_READ_BYTES)
    throw new InputError(broken(`a header cut off at ${bytes.length} bytes`));
  const header = decode(headerWords, words);
  const inHeader = headerProblems(header, words);
  if (inHeader.length > 0) throw new InputError(inHeader.map(broken));
  const whole = programBytes({ header });
  if (bytes.length < whole) throw new InputError(broken(`${bytes.length} bytes of a program of ${whole}`));
  if (header.check !== programCheck(header, words.subarray(HEADER_BYTES / 4, whole / 4)))
    throw new InputError(broken("a program that does not have the check of its header"));
  const blocks = Array.from({ length: header.blocks }, (_, index) =>
    decodeDescriptor(words, (HEADER_BYTES + index * bytesABlock(header)) / 4, phasesOf(header.third)),
  );
  const inBlocks = blocks.flatMap((block, index) => blockProblems(block, index, header));
  if (inBlocks.length > 0) throw new InputError(inBlocks.map(broken));
  return { header, blocks };
}

/** Whole words, little endian. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    view.getUint32(4 * index, true),
  );
}

/** Of header and descriptors. */
export function programBytes({ header }: Pick<Program, "header">): number {
  return HEADER_BYTES + header.blocks * bytesABlock(header);
}

const bytesABlock = ({ third }: Program["header"]): number => descriptorBytes(phasesOf(third));
const phasesOf = (third: number): 2 | 3 => (third === 1 ? 3 : 2);

function headerProblems(header: Program["header"], words: Uint32Array): readonly string[] {
  const { blocks, busBytes, lanes, multipliers } = header;
  const isSize = (n: number): boolean => [4, 8, 16, 32].includes(n);
  return [
    ...(encode(headerWords, header).every((word, index) => word === words[index])
      ? []
      : ["a header with bits that mean nothing"]),
    ...(blocks > 0 ? [] : ["no blocks"]),
    ...(isSize(lanes) && isSize(multipliers) ? [] : [`${lanes} lanes of ${multipliers} multipliers`]),
    ...(busBytes === 8 || busBytes === 16 ? [] : [`a bus of ${busBytes} bytes`]),
  ];
}

function blockProblems(
  { phases, rowReader, sequencer }: Descriptor,
  index: number,
  { third }: Program["header"],
): readonly string[] {
  const most = phasesOf(third);
  return [
    ...(sequencer.phases >= 1 && sequencer.phases <= most
      ? []
      : [`${sequencer.phases} phases in block ${index}, of at most ${most}`]),
    ...(rowReader.producer <= index
      ? []
      : [`block ${index} reads what block ${rowReader.producer - 1} writes`]),
    ...phases.flatMap(({ kind }, phase) =>
      kind < phaseKinds.length ? [] : [`kind ${kind} of phase ${phase} of block ${index}`],
    ),
  ];
}
