/** The program that the accelerator reads: header and one descriptor a block, word for word docs/hardware.md. */
import { assert } from "../ir/errors.ts";
import { chunksOf } from "./chunks.ts";
import { descriptorBytes, type Block, type MapPlace, type Phase, type Plan, type Segment } from "./plan.ts";
import { regions } from "../format/regions.ts";
import { signed, unsigned, word } from "./fields.ts";

/** Words of the header with the zeros behind it. */
const headerWords = 64;
/** First word of what happens to results behind the array, and of a third phase. */
const postWord = 52;
const thirdPhaseWord = 64;
const magic = 0x314b4246;
const kindNumbers: Readonly<Record<Phase["kind"], number>> = { conv: 0, depthwise: 1, serial: 2, pack: 3 };

/** Header and descriptors as little-endian memory holds them. Throws FieldError for a number that its field does not hold. */
export function programWords(plan: Plan): Uint32Array {
  const { blocks, hardware } = plan;
  const descriptorWords = descriptorBytes(hardware) / 4;
  const words = new Uint32Array(headerWords + descriptorWords * blocks.length);
  words.set([
    magic,
    word(unsigned("blocks", blocks.length, 8)),
    word(
      unsigned("lanes", hardware.pk, 8),
      unsigned("multipliers a lane", hardware.pc, 8),
      unsigned("bus bytes", hardware.busBytes, 8),
      unsigned("third phase", Number(descriptorWords > thirdPhaseWord), 1),
    ),
    words.byteLength,
  ]);
  blocks.forEach((block, index) => {
    words.set(descriptor(plan, block), headerWords + descriptorWords * index);
  });
  return words;
}

/** The words of one block. Throws FieldError for a number that its field does not hold. */
export function descriptor(plan: Plan, block: Block): readonly number[] {
  const name = (field: string): string => `${block.name}: ${field}`;
  const [first] = block.phases;
  const { lineBuffers } = plan.hardware;
  assert(
    first !== undefined && block.phases.length <= lineBuffers.length,
    name(`${block.phases.length} phases on hardware for ${lineBuffers.length}`),
  );
  const phases = block.phases.map((phase, index) =>
    phaseWords(phase, (field) => name(`phase ${index}: ${field}`)),
  );
  const words = [
    ...rowReader(plan, block, first, name),
    ...weightLoader(block, name),
    ...rowWriter(plan, block, name),
    ...sequencer(block, name),
    ...phases.slice(0, 2).flat(),
  ];
  const unusedPhases = new Array<number>(postWord - words.length).fill(0);
  return [...words, ...unusedPhases, ...postWords(plan, block, name), ...phases.slice(2).flat()];
}

/** Says which block, and which phase, a field belongs to. */
type Name = (field: string) => string;

function rowReader(
  plan: Plan,
  { source, producer, waits }: Block,
  first: Phase,
  name: Name,
): readonly number[] {
  return [
    ...place(source, (field) => name(`source ${field}`)),
    word(
      unsigned(name("source beats a row"), rowBeats(plan, source), 16),
      unsigned(name("source rows"), source.rows, 16),
    ),
    word(
      unsigned(name("line-buffer words a row"), first.sourceRowWords, 16),
      unsigned(name("line-buffer slots"), first.sourceSlots, 16),
    ),
    word(
      unsigned(name("producer"), producer === null ? 0 : producer + 1, 8),
      unsigned(name("waits for all rows"), Number(waits), 1),
    ),
    word(unsigned(name("line-buffer last bank address"), first.sourceLastBank, 16)),
    0,
  ];
}

/** Region, offset and row pitch of a map. */
function place({ region, offset, rowPitch }: MapPlace, name: Name): readonly number[] {
  return [
    word(unsigned(name("region"), regions.indexOf(region), 2)),
    word(unsigned(name("offset"), offset, 32)),
    word(unsigned(name("row pitch"), rowPitch, 32)),
  ];
}

/** Bus beats that hold the pixels of a row; what lies behind them is never read or written. */
function rowBeats(plan: Plan, { width, pixelPitch }: MapPlace): number {
  return Math.ceil((width * pixelPitch) / plan.hardware.busBytes);
}

interface SegmentWords {
  readonly segment: Segment;
  readonly wordsPerGroup: number;
  readonly zeroPoint: number;
}

/** The segments of a phase: its centre groups', then its own; none for pack. */
function segmentsOf({ centre, operator, segment, wordsPerGroup }: Phase): readonly SegmentWords[] {
  if (segment === null) return [];
  const own = { segment, wordsPerGroup, zeroPoint: operator?.weightZeroPoint ?? 0 };
  return centre === null ? [own] : [{ ...centre, zeroPoint: centre.operator.weightZeroPoint }, own];
}

/** The block's segments in the order in which they are read; those of phase p start at slot p. */
function slotsOf({ phases }: Block): readonly (SegmentWords | undefined)[] {
  const segments = phases.map(segmentsOf);
  const slots = [...segments.slice(0, -1).map(([own]) => own), ...(segments.at(-1) ?? [])];
  assert(
    slots.length <= 3 && segments.slice(0, -1).every(({ length }) => length <= 1),
    "a block has three segments",
  );
  return [0, 1, 2].map((slot) => slots[slot]);
}

function weightLoader(block: Block, name: Name): readonly number[] {
  const slots = slotsOf(block);
  return [
    ...slots.flatMap((part, slot) => [
      word(unsigned(name(`segment ${slot} offset`), part?.segment.offset ?? 0, 32)),
      word(
        unsigned(name(`segment ${slot} groups`), part?.segment.groups ?? 0, 16),
        unsigned(name(`segment ${slot} words a group`), part?.wordsPerGroup ?? 0, 16),
      ),
    ]),
    word(...slots.map((part, slot) => signed(name(`segment ${slot} zero point`), part?.zeroPoint ?? 0, 10))),
    word(unsigned(name("passes"), block.passes, 16)),
  ];
}

function rowWriter(plan: Plan, block: Block, name: Name): readonly number[] {
  const { destination } = block;
  const last = block.phases.at(-1)!;
  const chunks = chunksOf(block, plan.hardware);
  return [
    ...place(destination, (field) => name(`destination ${field}`)),
    word(
      unsigned(name("destination rows"), destination.rows, 16),
      unsigned(name("strip rows"), last.stripRows, 16),
    ),
    word(unsigned(name("chunks a row"), chunks.perRow, 16), unsigned(name("tiles"), chunks.tiles, 16)),
    word(unsigned(name("chunk stride"), chunks.stride, 32)),
    word(
      unsigned(name("beats a chunk"), chunks.beats, 16),
      unsigned(name("beats of the last tile's chunk"), chunks.lastBeats, 16),
    ),
    word(unsigned(name("tile stride"), chunks.tileStride, 32)),
  ];
}

function sequencer(block: Block, name: Name): readonly number[] {
  const slots = slotsOf(block);
  // Modulo 2^16 as the hardware's weight pointers; a streamed segment may be longer than the ring.
  const words = (slot: number) => {
    const part = slots[slot];
    const total = part ? part.segment.groups * part.wordsPerGroup : 0;
    return unsigned(name(`segment ${slot} words`), total % 2 ** 16, 16);
  };
  const groups = (slot: number) =>
    unsigned(name(`segment ${slot} groups`), slots[slot]?.segment.groups ?? 0, 16);
  return [
    word(
      unsigned(name("phases"), block.phases.length, 4),
      unsigned(name("streamed"), Number(block.streamed), 1),
    ),
    word(words(0), words(1)),
    word(words(2), groups(0)),
    word(groups(1), groups(2)),
  ];
}

/** Words 52 to 63: what happens to the last phase's results on their way to memory. */
function postWords(plan: Plan, { phases, pool, residual }: Block, name: Name): readonly number[] {
  const { groups, tileGroups } = phases.at(-1)!;
  const place = residual?.place;
  const scales = residual && [residual.result, residual.residual, residual.sum];
  const of = (field: string): string => name(`residual ${field}`);
  return [
    word(
      unsigned(of("region"), place ? regions.indexOf(place.region) : 0, 8),
      unsigned(name("residual"), Number(residual !== null), 1),
      unsigned(name("pool"), Number(pool !== null), 1),
      unsigned(name("pool of 3x3"), Number(pool?.kernel === 3), 1),
      unsigned(name("tiled"), Number(groups > tileGroups), 5),
      unsigned(name("groups"), groups, 16),
    ),
    word(unsigned(of("offset"), place?.offset ?? 0, 32)),
    word(unsigned(of("row pitch"), place?.rowPitch ?? 0, 32)),
    word(
      unsigned(of("beats a row"), place ? rowBeats(plan, place) : 0, 16),
      unsigned(of("rows"), place?.rows ?? 0, 16),
    ),
    word(
      unsigned(of("words a row"), residual?.rowWords ?? 0, 16),
      unsigned(of("slots"), residual?.slots ?? 0, 16),
    ),
    word(
      unsigned(of("producer"), residual?.producer == null ? 0 : residual.producer + 1, 8),
      ...[0, 1, 2].map((i) => signed(of(`zero point ${i}`), scales?.[i]?.zeroPoint ?? 0, 8)),
    ),
    word(
      unsigned(of("last bank address"), residual?.lastBank ?? 0, 16),
      signed(of("least sum"), residual?.min ?? 0, 8),
      signed(of("greatest sum"), residual?.max ?? 0, 8),
    ),
    ...[0, 1, 2].map((i) => word(unsigned(of(`multiplier ${i}`), scales?.[i]?.multiplier ?? 0, 32))),
    word(...[0, 1, 2].map((i) => unsigned(of(`right shift ${i}`), scales?.[i]?.right ?? 0, 8))),
    word(
      unsigned(name("pooled width"), pool?.width ?? 0, 16),
      unsigned(name("pooled rows"), pool?.rows ?? 0, 16),
    ),
  ];
}

function phaseWords(phase: Phase, name: Name): readonly number[] {
  const [kh, kw] = phase.kernel;
  const [sy, sx] = phase.stride;
  // The packer walks bytes, not pixels.
  const packing = phase.kind === "pack";
  const scale = packing ? phase.inputChannels : 1;
  const pitch = packing ? 1 : phase.sourcePitch;
  return [
    word(
      unsigned(name("kind"), kindNumbers[phase.kind], 4),
      unsigned(name("hold"), Number(phase.hold), 1),
      unsigned(name("shared"), Number(phase.shared), 1),
      unsigned(name("unused"), 0, 2),
      unsigned(name("rows more in the first strip"), phase.leadRows, 8),
    ),
    word(
      unsigned(name("output rows"), phase.outputRows, 16),
      unsigned(name("output width"), phase.outputWidth, 16),
    ),
    word(
      unsigned(name("input rows"), phase.inputRows, 16),
      unsigned(name("input width"), phase.inputWidth * scale, 16),
    ),
    word(
      unsigned(name("kernel height"), kh, 8),
      unsigned(name("kernel width"), kw * scale, 8),
      unsigned(name("vertical stride"), sy, 8),
      unsigned(name("horizontal stride"), sx * scale, 8),
    ),
    word(
      unsigned(name("padding above"), phase.padTop, 8),
      unsigned(name("padding left"), phase.padLeft * scale, 8),
      signed(name("input zero point"), phase.zeroPoint, 8),
      unsigned(name("activation"), phase.activation, 4),
    ),
    word(
      unsigned(name("source pixel pitch"), pitch, 16),
      unsigned(name("words a pixel"), phase.wordsPerPixel, 16),
    ),
    word(unsigned(name("groups"), phase.groups, 16), unsigned(name("groups a tile"), phase.tileGroups, 16)),
    word(
      unsigned(name("strip rows"), phase.stripRows, 16),
      unsigned(name("weight words a group"), phase.wordsPerGroup, 16),
    ),
    word(
      unsigned(name("source words a row"), phase.sourceRowWords, 16),
      unsigned(name("source slots"), phase.sourceSlots, 16),
    ),
    word(
      unsigned(name("destination pixel pitch"), phase.destinationPitch, 16),
      unsigned(name("bytes from a column of windows to the next"), sx * scale * pitch, 16),
    ),
    word(
      unsigned(name("left padding in bytes"), phase.padLeft * scale * pitch, 16),
      unsigned(name("source last bank address"), phase.sourceLastBank, 16),
    ),
    word(
      signed(name("output zero point"), phase.outputZeroPoint, 8),
      signed(name("least result"), phase.min, 8),
      signed(name("greatest result"), phase.max, 8),
      unsigned(name("centre groups"), phase.centre?.groups ?? 0, 8),
    ),
  ];
}
