/** Static timing analysis of a module: the slowest path to each register, and the times that whoever contains the module sees. */
import { assert } from "../../../src/ir/errors.ts";
import type { Netlist } from "../netlist.ts";
import {
  allPins,
  timingGraph,
  type Box,
  type End,
  type Start,
  type Step,
  type TimingGraph,
} from "./graph.ts";
import type { DelayModel } from "./model.ts";
import { orderOf, type Order } from "./order.ts";

/** A path from a register's clock to the next: what launches it, the cells that it goes through, what captures it. */
export interface Path {
  readonly ps: number;
  readonly start: Start;
  readonly steps: readonly Step[];
  readonly end: End;
}

export interface Analysis {
  readonly graph: TimingGraph;
  /** The slowest path to each input of a register that one leads to. */
  readonly paths: (end: End) => Path | null;
  /** Steps that close loops without a register: they are not followed. */
  readonly loops: readonly Step[];
  /** Once for a module that others contain. */
  readonly box: () => TracedBox;
}

/** A box with the ways behind its times. */
export interface TracedBox extends Box {
  /** From an input to a register inside. */
  readonly inward: (pin: string) => { readonly steps: readonly Step[]; readonly end: End } | null;
  /** From a register inside to an output. */
  readonly outward: (pin: string) => { readonly start: Start; readonly steps: readonly Step[] } | null;
}

export function analyse(
  netlist: Netlist,
  model: DelayModel,
  boxes: ReadonlyMap<string, Box> = new Map(),
): Analysis {
  const graph = timingGraph(netlist, model, boxes);
  const order = orderOf(graph.steps);
  const arrivals = forwards(graph, order);
  const toNet = (net: number) => {
    const steps: Step[] = [];
    let at = arrivals.get(net);
    for (; at?.step !== undefined; at = arrivals.get(at.step.from)) steps.unshift(at.step);
    return at?.start === undefined ? null : { start: at.start, steps };
  };
  return {
    graph,
    paths: (end) => {
      const arrival = arrivals.get(end.net);
      const way = toNet(end.net);
      return arrival && way ? { ps: arrival.ps + end.wirePs + end.ps, ...way, end } : null;
    },
    loops: order.cut,
    box: () => boxOf(netlist, graph, order, arrivals, toNet),
  };
}

interface Arrival {
  readonly ps: number;
  readonly start?: Start;
  readonly step?: Step;
}

/** When the last change reaches each net that a register leads to. */
function forwards({ starts }: TimingGraph, { nets, out }: Order): ReadonlyMap<number, Arrival> {
  const arrivals = new Map<number, Arrival>();
  const reach = (net: number, arrival: Arrival): void => {
    const so = arrivals.get(net);
    if (so === undefined || so.ps < arrival.ps) arrivals.set(net, arrival);
  };
  for (const start of starts) reach(start.net, { ps: start.ps, start });
  for (const net of nets) {
    const at = arrivals.get(net);
    if (at === undefined) continue;
    for (const step of out.get(net) ?? []) reach(step.to, { ps: at.ps + step.wirePs + step.logicPs, step });
  }
  return arrivals;
}

interface Departure {
  readonly ps: number;
  readonly step?: Step;
  readonly end?: End;
}

/** How long before the clock a change has to be on each net, that registers behind it see it. */
function backwards({ ends }: TimingGraph, { nets, out }: Order): ReadonlyMap<number, Departure> {
  const departures = new Map<number, Departure>();
  const need = (net: number, departure: Departure): void => {
    const so = departures.get(net);
    if (so === undefined || so.ps < departure.ps) departures.set(net, departure);
  };
  for (const end of ends) need(end.net, { ps: end.wirePs + end.ps, end });
  for (const net of nets.toReversed())
    for (const step of out.get(net) ?? []) {
      const behind = departures.get(step.to);
      if (behind !== undefined) need(net, { ps: step.wirePs + step.logicPs + behind.ps, step });
    }
  return departures;
}

function boxOf(
  netlist: Netlist,
  graph: TimingGraph,
  order: Order,
  arrivals: ReadonlyMap<number, Arrival>,
  toNet: (net: number) => { readonly start: Start; readonly steps: readonly Step[] } | null,
): TracedBox {
  const departures = backwards(graph, order);
  const [inputs, outputs] = [allPins(netlist.inputs), allPins(netlist.outputs)];
  const netOf = (pins: typeof inputs, pin: string): number => {
    const found = pins.find(({ name }) => name === pin);
    assert(found, `the module has pin ${pin}`);
    return found.net;
  };
  const timesAt = (times: ReadonlyMap<number, { readonly ps: number }>) => (pin: (typeof inputs)[number]) => {
    const time = times.get(pin.net);
    return time === undefined ? [] : [{ pin: pin.name, ps: time.ps }];
  };
  return {
    captures: inputs.flatMap(timesAt(departures)),
    launches: outputs.flatMap(timesAt(arrivals)),
    arcs: inputs.flatMap(({ name, net }) =>
      through(net, order, outputs).map((to) => ({ from: name, ...to })),
    ),
    loads: loadsOf(inputs, outputs, graph),
    inward(pin) {
      const steps: Step[] = [];
      let at = departures.get(netOf(inputs, pin));
      for (; at?.step !== undefined; at = departures.get(at.step.to)) steps.push(at.step);
      return at?.end === undefined ? null : { steps, end: at.end };
    },
    outward: (pin) => toNet(netOf(outputs, pin)),
  };
}

type Pins = ReturnType<typeof allPins>;

/** Pins behind each input, and pins that the module itself drives with each output. */
function loadsOf(inputs: Pins, outputs: Pins, { fanout }: TimingGraph): ReadonlyMap<string, number> {
  const of = (own: number) => (pin: Pins[number]) => {
    const pins = fanout.get(pin.net);
    return [pin.name, pins === undefined ? 0 : pins - own] as const;
  };
  // the port itself stands among what an output drives
  return new Map([...inputs.map(of(0)), ...outputs.map(of(1))]);
}

/** From an input's net to outputs, past no register. */
function through(net: number, { nets, out }: Order, outputs: Pins): readonly { to: string; ps: number }[] {
  const times = new Map([[net, 0]]);
  if (out.has(net)) {
    const from = nets.indexOf(net);
    for (const next of nets.slice(from)) {
      const at = times.get(next);
      if (at === undefined) continue;
      for (const { logicPs, to, wirePs } of out.get(next) ?? [])
        times.set(to, Math.max(times.get(to) ?? -Infinity, at + wirePs + logicPs));
    }
  }
  return outputs.flatMap((pin) => {
    const ps = times.get(pin.net);
    return ps === undefined ? [] : [{ to: pin.name, ps }];
  });
}
