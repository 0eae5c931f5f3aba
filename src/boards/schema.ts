/** What a board's data file (hw/boards/NAME.json, or a user's own) holds. docs/boards.md explains every field. */
import { z } from "zod";
import { vendors } from "../resources/family.ts";

/** More than any board has of anything, and little enough to be counted with. */
const MOST = 1e12;

/** A number and where it was found. */
const figure = z.strictObject({ value: z.number().positive().max(MOST), source: z.string().min(1) });

/** Names that reach generated files: nothing that Tcl, Verilog, make or YAML could take for syntax. */
const plain = z.string().regex(/^[A-Za-z0-9_./-]+$/);
const title = z.string().regex(/^[ -~]+$/);

const led = z.strictObject({ pin: plain, activeLow: z.boolean() });

/** What the small engine (docs/icebreaker.md) needs of a board: a flash, and a clock made of the oscillator's. */
const smallEngine = z.strictObject({
  flash: z.strictObject({
    part: plain,
    megabytes: figure,
    /** Byte at which the network lies, behind the bitstream. */
    offset: z.int().nonnegative(),
    /** From the release of power-down until it takes commands. */
    wakeMicroseconds: figure,
    pins: z.strictObject({ sck: plain, cs: plain, io: z.tuple([plain, plain, plain, plain]) }),
  }),
  /** SB_PLL40's fields for `clock.target`. */
  pll: z.strictObject({
    divr: z.int().min(0).max(15),
    divf: z.int().min(0).max(127),
    divq: z.int().min(1).max(6),
    filter: z.int().min(0).max(7),
  }),
  /** Bits a second of the serial line. */
  baud: z.int().positive(),
});

/** A single data rate SDRAM that hw/rtl/sdram_axi.v drives on a board without a processor. */
const sdram = z.strictObject({
  part: plain,
  source: z.string().min(1),
  /** Of its data bus. */
  dataBits: z.union([z.literal(16), z.literal(32)]),
  rowBits: z.int().min(11).max(13),
  columnBits: z.int().min(8).max(10),
  /** From the data sheet; `refresh`: from one row's refresh to the next, `init`: from power on to the first command. */
  nanoseconds: z.strictObject({
    init: z.number().positive(),
    rcd: z.number().positive(),
    rp: z.number().positive(),
    ras: z.number().positive(),
    rfc: z.number().positive(),
    wr: z.number().positive(),
    refresh: z.number().positive(),
  }),
  /** null where the memory is in the package and its pins go by their names. */
  pins: z
    .strictObject({
      ...{ clk: plain, cke: plain, cs: plain, ras: plain, cas: plain, we: plain },
      ...{ ba: z.array(plain).length(2), a: z.array(plain), dqm: z.array(plain), dq: z.array(plain) },
    })
    .nullable(),
});

export type Sdram = z.infer<typeof sdram>;

export const boardSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title,
  vendor: z.enum(vendors),
  /** Device as the open tools name it: `up5k`, `85k`, `GW2A-18C`; Yosys's family on Xilinx. */
  device: plain,
  /** Full part number. */
  part: plain,
  package: plain,
  resources: z.strictObject({
    /** Look-up tables, flip-flops; null where no figure was found: then they are not checked. */
    lut: figure.nullable(),
    ff: figure.nullable(),
    dsp: figure,
    blockRam: figure.extend({
      /** Bits of a block, and its shapes [words, bits a word] with one read and one write port. */
      bits: z.int().positive(),
      shapes: z.array(z.tuple([z.int().positive(), z.int().positive()])).min(1),
    }),
  }),
  clock: z.strictObject({
    /** Oscillator that drives the logic; null where the processing system does. */
    megahertz: figure.nullable(),
    /** Clock, in MHz, that the generated project asks for; a target, not a measurement. */
    target: z.number().positive().max(10_000),
  }),
  /** What the accelerator's AXI master can reach; null where nothing answers it yet. */
  memory: z
    .strictObject({
      kind: plain,
      megabytes: figure,
      widthBits: figure.nullable(),
      /** Million transfers a second on the memory's own pins. */
      megatransfers: figure.nullable(),
      /** Width of the port between accelerator and memory controller. */
      portBits: figure,
      /** Width of the accelerator's bus, where an interconnect narrows it to the port; default the port's. */
      busBits: figure.optional(),
      latencyCycles: figure,
      controller: z.enum(["ps", "litedram"]),
    })
    .nullable(),
  pins: z.strictObject({
    source: z.string().min(1),
    standard: plain.nullable(),
    clock: plain.nullable(),
    reset: led.nullable(),
    leds: z.array(led),
    uart: z.strictObject({ rx: plain, tx: plain }).nullable(),
  }),
  litexPlatform: z.strictObject({ module: plain, arguments: z.record(plain, plain) }).nullable(),
  /** Without it, or with a processor, the memory is reached in another way. */
  sdram: sdram.optional(),
  /** The board runs the small engine instead of an array with an AXI port. */
  smallEngine: smallEngine.optional(),
});

export type Board = z.infer<typeof boardSchema>;
