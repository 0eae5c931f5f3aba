/** What is made of the descriptor's table: a Verilog module for each unit, with the fields that it reads as wires. */
import {
  descriptorParts,
  firstWordOf,
  phaseKinds,
  phaseWords,
  type DescriptorPart,
  type KindName,
} from "../../src/format/descriptor.ts";
import { placeOf, type FieldName, type Words } from "../../src/format/fields.ts";
import { moduleText, snake } from "./verilog.ts";
import {
  addressParameter,
  assignment,
  portOf,
  usesAddress,
  wiresModule,
  wiresOfFields,
  type Wire,
} from "./wires.ts";

const table = "src/format/descriptor.ts";

/** Part of the descriptor that a unit reads: all of its fields, those of some names, or its words as they are. */
type PartRead = { [P in DescriptorPart]: { part: P; fields: "all" | "words" | Names<P> } }[DescriptorPart];
type Names<P extends DescriptorPart> = readonly FieldName<(typeof descriptorParts)[P]>[];

/** Units that hold words of every descriptor. */
const held: readonly { readonly unit: string; readonly what: string; readonly reads: readonly PartRead[] }[] =
  [
    {
      unit: "row_reader",
      what: "source rows of a block",
      reads: [{ part: "rowReader", fields: "all" }],
    },
    {
      unit: "residual_reader",
      what: "residual rows of a block",
      reads: [
        {
          part: "results",
          fields: [
            "region",
            "onChip",
            "offset",
            "rowPitch",
            "beats",
            "rows",
            "rowWords",
            "slots",
            "producer",
            "lastBank",
          ],
        },
      ],
    },
    {
      unit: "weight_loader",
      what: "weight segments of a block",
      reads: [{ part: "weightLoader", fields: "all" }],
    },
    {
      unit: "row_writer",
      what: "where the results of a block go",
      reads: [{ part: "rowWriter", fields: "all" }],
    },
    {
      unit: "sequencer",
      what: "phases of a block, two of them as words, and its residual's rows",
      reads: [
        { part: "sequencer", fields: "all" },
        { part: "phase0", fields: "words" },
        { part: "phase1", fields: "words" },
        { part: "results", fields: ["residual", "rowWords", "lastBank"] },
      ],
    },
    {
      unit: "third_phase",
      what: "third phase of a block as words",
      reads: [{ part: "phase2", fields: "words" }],
    },
    {
      unit: "residual_add",
      what: "constants of a block's residual",
      reads: [
        {
          part: "results",
          fields: [
            "residual",
            "operation",
            "resultZero",
            "residualZero",
            "sumZero",
            "low",
            "high",
            "resultMultiplier",
            "residualMultiplier",
            "sumMultiplier",
            "resultRight",
            "residualRight",
            "sumRight",
          ],
        },
      ],
    },
    {
      unit: "max_pool",
      what: "pool of a block",
      reads: [
        { part: "results", fields: ["pool", "pool3", "pixelChunks", "groups", "poolWidth", "poolRows"] },
      ],
    },
  ];

/** Units that are handed the words of a phase. */
const phases: readonly {
  readonly unit: string;
  readonly what: string;
  /** Kinds that it tells from the others: a wire says that the phase is one. */
  readonly kinds: readonly KindName[];
  readonly fields: readonly FieldName<typeof phaseWords>[];
}[] = [
  {
    unit: "phase_choice",
    what: "what the choice of the next phase depends on",
    kinds: ["pack"],
    fields: ["haloRows", "rows", "inRows", "kh", "padTop", "stripRows", "rowWords", "slots", "lastBank"],
  },
  {
    unit: "phase_result",
    what: "what becomes of a phase's sums",
    kinds: [],
    fields: ["rows", "zero", "activation", "outZero", "low", "high"],
  },
  {
    unit: "step_walker",
    what: "what the walk through a phase depends on",
    kinds: ["depthwise", "serial", "sparse", "pairs"],
    fields: [
      "oneWord",
      "oneRecord",
      "maximum",
      "edgeRecords",
      "pixelChunks",
      "haloRows",
      "rows",
      "width",
      "inRows",
      "inWidth",
      "kh",
      "kw",
      "sy",
      "sx",
      "padLeft",
      "pitch",
      "pixelWords",
      "groups",
      "tileGroups",
      "stripRows",
      "groupWords",
      "rowWords",
      "dstPitch",
      "colStep",
      "padBytes",
      "lastBank",
      "centreGroups",
    ],
  },
  {
    unit: "group_walker",
    what: "what the walk through the groups of sparse steps depends on",
    kinds: ["sparse"],
    fields: [
      "pixelChunks",
      "haloRows",
      "rows",
      "width",
      "groups",
      "tileGroups",
      "stripRows",
      "groupWords",
      "dstPitch",
      "centreGroups",
      "centreSteps",
    ],
  },
  {
    unit: "patch_packer",
    what: "a pack phase, in bytes",
    kinds: [],
    fields: [
      "rows",
      "width",
      "inRows",
      "inWidth",
      "kh",
      "kw",
      "sy",
      "sx",
      "padTop",
      "padLeft",
      "zero",
      "rowWords",
      "lastBank",
    ],
  },
];

/** The modules by name. */
export function descriptorModules(): ReadonlyMap<string, string> {
  return new Map([
    ...held.map(({ reads, unit, what }) => [`${unit}_fields`, heldModule(unit, what, reads)] as const),
    ...phases.map((phase) => [`${phase.unit}_fields`, phaseModule(phase)] as const),
  ]);
}

function heldModule(unit: string, what: string, reads: readonly PartRead[]): string {
  const wires = reads.flatMap(wiresOf);
  // Program memories hold whole pairs of beats.
  const first = Math.floor(Math.min(...wires.map(({ word }) => word)) / 4) * 4;
  const end = Math.ceil(Math.max(...wires.map(({ lastWord }) => lastWord + 1)) / 4) * 4;
  return moduleText({
    name: `${unit}_fields`,
    table,
    purpose: [`Descriptor fields: ${what}. Latency: one cycle after the block number, as program_ram.`],
    parameters: [
      { name: "BusBytes", value: 16, comment: "bytes of a descriptor beat, 8 or 16" },
      { name: "MaxBlocks", value: 64, comment: "descriptors, 1 to 255" },
      ...(usesAddress(wires) ? [addressParameter] : []),
    ],
    ports: [
      { ports: [{ direction: "input", name: "clk_i", width: 1 }] },
      {
        heading: "descriptor stream from the program loader",
        ports: [
          { direction: "input", name: "desc_valid_i", width: 1 },
          { direction: "input", name: "desc_block_i", width: 8 },
          { direction: "input", name: "desc_beat_i", width: 6 },
          { direction: "input", name: "desc_data_i", width: "BusBytes*8" },
        ],
      },
      { heading: "block", ports: [{ direction: "input", name: "block_i", width: 8 }] },
      { heading: "its fields", ports: wires.map(portOf) },
    ],
    body: [
      `  wire [${32 * (end - first) - 1}:0] words;`,
      "  program_ram #(",
      "      .BusBytes (BusBytes),",
      "      .MaxBlocks(MaxBlocks),",
      `      .FirstWord(${first}),`,
      `      .Words    (${end - first})`,
      "  ) u_program (",
      "      .clk_i       (clk_i),",
      "      .desc_valid_i(desc_valid_i),",
      "      .desc_block_i(desc_block_i),",
      "      .desc_beat_i (desc_beat_i),",
      "      .desc_data_i (desc_data_i),",
      "      .block_i     (block_i),",
      "      .fields_o    (words)",
      "  );",
      ...wires.map((wire) => assignment(wire, "words", first)),
      "  wire unused_words = &{1'b0, words};",
    ],
  });
}

function phaseModule({ fields, kinds, unit, what }: (typeof phases)[number]): string {
  return wiresModule(
    {
      name: `${unit}_fields`,
      table,
      purpose: [`Descriptor fields of a phase: ${what}. Combinational.`],
    },
    phaseWords,
    [...kinds.map(kindWire), ...wiresOfFields(phaseWords, 0, fields)],
  );
}

/** Whether a phase is of this kind. */
function kindWire(kind: KindName): Wire {
  const { field, lsb, word } = placeOf(phaseWords, "kind");
  const equals = { value: phaseKinds.indexOf(kind), bits: field.bits };
  return { name: snake(kind), label: `${field.label}: ${kind}`, width: 1, word, lastWord: word, lsb, equals };
}

function wiresOf({ fields, part }: PartRead): readonly Wire[] {
  const words: Words = descriptorParts[part];
  const first = firstWordOf(part);
  if (fields === "words") {
    const { length } = words;
    return [
      {
        name: snake(part),
        label: "words of the phase",
        width: 32 * length,
        word: first,
        lastWord: first + length - 1,
        lsb: 0,
      },
    ];
  }
  return wiresOfFields(words, first, fields === "all" ? undefined : fields);
}
