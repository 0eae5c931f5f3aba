import { assert } from "../../src/ir/errors.ts";
import type { Actor } from "./cycle.ts";
import type { Dut } from "./dut.ts";
import { benchRandom } from "./random.ts";

/** Payload of one transfer by field name: `{ data: 5n, last: 1 }`. */
export type Beat = Readonly<Record<string, bigint | number>>;

export interface StreamPorts {
  /** Ports are `<group>_valid_i`, `<group>_ready_o`, `<group>_<field>_i` for a source, turned round for a sink. */
  readonly group: string;
  /** Payload fields; default `["data"]`. */
  readonly fields?: readonly string[];
  /** Port names that differ from the rule, by `valid`, `ready` or field name. */
  readonly names?: Readonly<Record<string, string>>;
  /** Default 1. */
  readonly seed?: number;
}

export interface SourceOptions extends StreamPorts {
  /** Percent of cycles in which a source offers nothing; default 0. */
  readonly idle?: number;
}

export interface SinkOptions extends StreamPorts {
  /** Percent of cycles in which a sink does not accept; default 0. */
  readonly stall?: number;
}

export interface StreamSource extends Actor {
  push(...beats: readonly Beat[]): void;
  /** Beats not yet taken. */
  readonly pending: number;
}

export interface StreamSink extends Actor {
  /** Transfers so far, every field as bigint. */
  readonly beats: readonly Readonly<Record<string, bigint>>[];
  /** The values of one field. */
  values(field?: string): bigint[];
}

/** Offers beats to an input stream. While it offers nothing, its payload is random: valid alone must count. */
export function streamSource(dut: Dut, options: SourceOptions): StreamSource {
  const port = portNames(options, "i", "o");
  const fields = options.fields ?? ["data"];
  const { seed = 1, idle = 0 } = options;
  const random = benchRandom(seed, `source ${options.group}`);
  const queue: Beat[] = [];
  let offered: Beat | undefined;
  const widths = fields.map((field) => widthOf(dut, port(field)));
  return {
    get pending() {
      return queue.length;
    },
    push(...beats) {
      for (const beat of beats) queue.push(beat);
    },
    drive() {
      offered ??= random.chance(idle) ? undefined : queue[0];
      dut.poke(port("valid"), offered !== undefined);
      for (const [i, field] of fields.entries()) {
        const value = offered === undefined ? random.bits(widths[i] ?? 1) : offered[field];
        assert(value !== undefined, `beat of ${options.group} has no ${field}`);
        dut.poke(port(field), value);
      }
    },
    observe() {
      if (offered === undefined || dut.peekNumber(port("ready")) === 0) return;
      queue.shift();
      offered = undefined;
    },
  };
}

/** Takes beats from an output stream; throws when a beat that it did not accept changes or goes away. */
export function streamSink(dut: Dut, options: SinkOptions): StreamSink {
  const port = portNames(options, "o", "i");
  const fields = options.fields ?? ["data"];
  const { seed = 1, stall = 0 } = options;
  const random = benchRandom(seed, `sink ${options.group}`);
  const beats: Record<string, bigint>[] = [];
  let stalled: Readonly<Record<string, bigint>> | undefined;
  let ready = false;
  return {
    beats,
    values: (field = "data") => beats.map((beat) => beat[field] ?? -1n),
    drive() {
      ready = !random.chance(stall);
      dut.poke(port("ready"), ready);
    },
    observe() {
      const valid = dut.peekNumber(port("valid")) === 1;
      const now = valid
        ? Object.fromEntries(fields.map((field) => [field, dut.peek(port(field))]))
        : undefined;
      checkStable(options.group, stalled, now);
      if (now !== undefined && ready) beats.push(now);
      stalled = ready ? undefined : now;
    },
  };
}

/** Throws when a stalled transfer was withdrawn or its payload changed. */
export function checkStable(
  group: string,
  before: Readonly<Record<string, bigint>> | undefined,
  now: Readonly<Record<string, bigint>> | undefined,
): void {
  if (before === undefined) return;
  if (now === undefined) throw new Error(`${group}: valid was withdrawn before ready`);
  for (const [field, value] of Object.entries(before)) {
    if (now[field] !== value) {
      throw new Error(`${group}: ${field} changed from ${value} to ${now[field]} while stalled`);
    }
  }
}

function portNames(options: StreamPorts, forward: string, backward: string): (field: string) => string {
  return (field) =>
    options.names?.[field] ?? `${options.group}_${field}_${field === "ready" ? backward : forward}`;
}

/** Bits of a port. Throws when the module has none of that name. */
export function widthOf(dut: Dut, name: string): number {
  const port = dut.ports.get(name);
  if (port === undefined) throw new Error(`no port ${name}; ports: ${[...dut.ports.keys()].join(", ")}`);
  return port.width;
}
