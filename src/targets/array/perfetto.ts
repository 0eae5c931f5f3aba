/** Simulated images as a trace for ui.perfetto.dev: the JSON trace-event format, `ts` and `dur` in microseconds of the design clock. */
import type { ImageEvents, SequencerState } from "../../../sim/events.ts";
import { partNames } from "../../report/split.ts";

export interface ImageTrace extends ImageEvents {
  /** As the report names the input. */
  readonly file: string;
  /** Of the simulation. */
  readonly startCycle: number;
  readonly cycles: number;
}

/** What a state belongs to: names of its layer and of its block. */
export type NameState = (state: SequencerState) => { readonly layer: string; readonly block: string };

interface TraceEvent {
  readonly ph: "X" | "C" | "M";
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly name: string;
  readonly args?: Readonly<Record<string, string | number>>;
}

const PROCESS = 1;
const tracks = ["image", "block", "layer", "array"] as const;

/** A line a slice: text of a file. */
export function perfettoTrace(
  title: string,
  clockMHz: number,
  images: readonly ImageTrace[],
  nameOf: NameState,
): string {
  const events: TraceEvent[] = [
    { ph: "M", pid: PROCESS, name: "process_name", args: { name: title } },
    ...tracks.map((name, tid): TraceEvent => ({
      ...{ ph: "M", pid: PROCESS, tid, name: "thread_name", args: { name } },
    })),
    ...images.flatMap((image) => imageEvents(image, clockMHz, nameOf)),
  ];
  const lines = events.map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ns","traceEvents":[\n${lines.join(",\n")}\n]}\n`;
}

/** From `from` to `to`, in cycles of the image. */
interface Slice {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function imageEvents(image: ImageTrace, clockMHz: number, nameOf: NameState): readonly TraceEvent[] {
  const { cycles, file, moved, startCycle, states } = image;
  const at = (cycle: number): number => (startCycle + cycle) / clockMHz;
  const named = states.map((state) => ({ ...state, ...nameOf(state) }));
  const slices = (name: (state: (typeof named)[number]) => string): readonly Slice[] => {
    const all: { name: string; from: number; to: number }[] = [];
    for (const [index, state] of named.entries()) {
      if (state.reason === "idle") continue;
      const { cycle: to = cycles } = named[index + 1] ?? {};
      const last = all.at(-1);
      if (last?.name === name(state) && last.to === state.cycle) last.to = to;
      else all.push({ name: name(state), from: state.cycle, to });
    }
    return all;
  };
  const track = (tid: number, list: readonly Slice[]): readonly TraceEvent[] =>
    list.map(({ from, name, to }) => ({
      ...{ ph: "X", pid: PROCESS, tid, ts: at(from), dur: (to - from) / clockMHz, name },
      args: { cycle: from, cycles: to - from },
    }));
  return [
    ...track(0, [{ name: file, from: 0, to: cycles }]),
    ...track(
      1,
      slices(({ block }) => block),
    ),
    ...track(
      2,
      slices(({ layer }) => layer),
    ),
    ...track(
      3,
      slices(({ reason }) => (reason === "idle" ? reason : partNames[reason])),
    ),
    ...moved.slice(1).flatMap(({ cycle, read, written }, index): readonly TraceEvent[] => {
      const before = moved[index];
      if (before === undefined) return [];
      const length = cycle - before.cycle;
      const counter = { ph: "C", pid: PROCESS, ts: at(before.cycle) } as const;
      return [
        { ...counter, name: "read, bytes a cycle", args: { bytes: (read - before.read) / length } },
        { ...counter, name: "written, bytes a cycle", args: { bytes: (written - before.written) / length } },
      ];
    }),
  ];
}
