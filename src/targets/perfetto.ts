/** Simulated images as a trace for ui.perfetto.dev: the JSON trace-event format, `ts` and `dur` in microseconds of the design clock. */
import type { MovedBytes } from "../../sim/events.ts";

/** What the hardware did from a cycle of the image until its next state begins. */
export interface State {
  readonly cycle: number;
}

export interface ImageTrace<S extends State> {
  /** As the report names the input. */
  readonly file: string;
  /** Of the simulation. */
  readonly startCycle: number;
  readonly cycles: number;
  readonly states: readonly S[];
  readonly moved: readonly MovedBytes[];
}

/** A row of slices: what each state belongs to; null for none. States that follow each other with the same name are one slice. */
export interface Track<S extends State> {
  readonly name: string;
  readonly of: (state: S) => string | null;
}

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

/** A line a slice: text of a file. The images are the first track. */
export function perfettoTrace<S extends State>(
  title: string,
  clockMHz: number,
  images: readonly ImageTrace<S>[],
  tracks: readonly Track<S>[],
): string {
  const names = ["image", ...tracks.map(({ name }) => name)];
  const events: TraceEvent[] = [
    { ph: "M", pid: PROCESS, name: "process_name", args: { name: title } },
    ...names.map((name, tid): TraceEvent => ({
      ...{ ph: "M", pid: PROCESS, tid, name: "thread_name", args: { name } },
    })),
    ...images.flatMap((image) => imageEvents(image, clockMHz, tracks)),
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

function imageEvents<S extends State>(
  image: ImageTrace<S>,
  clockMHz: number,
  tracks: readonly Track<S>[],
): readonly TraceEvent[] {
  const { cycles, file, moved, startCycle } = image;
  const isWritten = moved.some(({ written }) => written > 0);
  const at = (cycle: number): number => (startCycle + cycle) / clockMHz;
  const track = (tid: number, list: readonly Slice[]): readonly TraceEvent[] =>
    list.map(({ from, name, to }) => ({
      ...{ ph: "X", pid: PROCESS, tid, ts: at(from), dur: (to - from) / clockMHz, name },
      args: { cycle: from, cycles: to - from },
    }));
  return [
    ...track(0, [{ name: file, from: 0, to: cycles }]),
    ...tracks.flatMap(({ of }, index) => track(index + 1, slicesOf(image, of))),
    ...moved.slice(1).flatMap(({ cycle, read, written }, index): readonly TraceEvent[] => {
      const before = moved[index];
      if (before === undefined) return [];
      const length = cycle - before.cycle;
      const counter = { ph: "C", pid: PROCESS, ts: at(before.cycle) } as const;
      return [
        { ...counter, name: "read, bytes a cycle", args: { bytes: (read - before.read) / length } },
        ...(isWritten
          ? [
              {
                ...counter,
                name: "written, bytes a cycle",
                args: { bytes: (written - before.written) / length },
              },
            ]
          : []),
      ];
    }),
  ];
}

function slicesOf<S extends State>(
  { cycles, states }: ImageTrace<S>,
  nameOf: Track<S>["of"],
): readonly Slice[] {
  const all: { name: string; from: number; to: number }[] = [];
  for (const [index, state] of states.entries()) {
    const name = nameOf(state);
    if (name === null) continue;
    const { cycle: to = cycles } = states[index + 1] ?? {};
    const last = all.at(-1);
    if (last?.name === name && last.to === state.cycle) last.to = to;
    else all.push({ name, from: state.cycle, to });
  }
  return all;
}
