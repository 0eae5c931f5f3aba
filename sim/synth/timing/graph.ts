/** A netlist as a graph of its nets: how long a change takes from each to the next, where clocks launch it and where they await it. */
import type { Bits, Netlist, NetlistCell } from "../netlist.ts";
import type { CellTiming, DelayModel, Driver, Pin } from "./model.ts";

/** Through a cell: from a net on one of its inputs to a net on one of its outputs. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly cell: number;
  readonly wirePs: number;
  readonly logicPs: number;
  /** Pins, for cells that are modules with paths of their own. */
  readonly input: string;
  readonly output: string;
}

/** Where a change begins: at a register's output. */
export interface Start {
  readonly net: number;
  readonly cell: number;
  readonly pin: string;
  readonly ps: number;
}

/** Where a change is awaited: at a register's input, the set-up time before the clock. */
export interface End extends Start {
  readonly wirePs: number;
}

export interface TimingGraph {
  readonly steps: readonly Step[];
  readonly starts: readonly Start[];
  readonly ends: readonly End[];
  /** Pins that a net drives. */
  readonly fanout: ReadonlyMap<number, number>;
}

/** A module whose insides are known: loads of its pins beside their times. */
export interface Box extends CellTiming {
  readonly loads: ReadonlyMap<string, number>;
}

/** `boxes`: the modules that the netlist holds as cells. */
export function timingGraph(
  netlist: Netlist,
  model: DelayModel,
  boxes: ReadonlyMap<string, Box> = new Map(),
): TimingGraph {
  const drivers = driversOf(netlist, model, boxes);
  const steps: Step[] = [];
  const starts: Start[] = [];
  const ends: End[] = [];
  const wire = (net: number, to: Pin): number => {
    const driver = drivers.get(net);
    return driver === undefined ? 0 : model.wire(driver, to);
  };
  for (const [index, cell] of netlist.cells.entries()) {
    const box = boxes.get(cell.type);
    const timing = box ?? model.cell(cell.type, cell.parameters);
    if (timing === null) continue;
    for (const { pin, ps } of timing.launches)
      for (const { name, net } of pinsOf(cell.outputs, pin)) starts.push({ net, cell: index, pin: name, ps });
    for (const { pin, ps } of timing.captures)
      for (const { bit, name, net, port } of pinsOf(cell.inputs, pin))
        ends.push({ net, cell: index, pin: name, ps, wirePs: wire(net, { type: cell.type, port, bit }) });
    for (const arc of timing.arcs)
      for (const from of pinsOf(cell.inputs, arc.from))
        for (const to of pinsOf(cell.outputs, arc.to))
          steps.push({
            from: from.net,
            to: to.net,
            cell: index,
            wirePs: wire(from.net, { type: cell.type, port: from.port, bit: from.bit }),
            logicPs: arc.ps,
            input: from.name,
            output: to.name,
          });
  }
  const fanout = new Map([...drivers].map(([net, driver]) => [net, driver.fanout]));
  return { steps, starts, ends, fanout };
}

/** Every net's driver. A net of a port is driven by the design; what drives it outside is not known here. */
function driversOf(
  netlist: Netlist,
  model: DelayModel,
  boxes: ReadonlyMap<string, Box>,
): ReadonlyMap<number, Driver> {
  const pins = new Map<number, Pin>();
  const loads = new Map<number, { fanout: number; registers: number }>();
  const load = (net: number, fanout: number, registers: number): void => {
    const so = loads.get(net) ?? { fanout: 0, registers: 0 };
    loads.set(net, { fanout: so.fanout + fanout, registers: so.registers + registers });
  };
  for (const { bit, net, port } of allPins(netlist.inputs)) pins.set(net, { type: "", port, bit });
  for (const { net } of allPins(netlist.outputs)) load(net, 1, 0);
  for (const { inputs, outputs, type } of netlist.cells) {
    const box = boxes.get(type);
    for (const { bit, name, net, port } of allPins(outputs)) {
      pins.set(net, { type, port, bit });
      load(net, loadOf(box, name, 0), 0);
    }
    for (const { bit, name, net, port } of allPins(inputs))
      load(net, loadOf(box, name, 1), model.isRegisterData({ type, port, bit }) ? 1 : 0);
  }
  return new Map(
    [...pins].map(([net, pin]) => [net, { ...pin, fanout: 0, registers: 0, ...loads.get(net) }]),
  );
}

/** What a pin adds to the fan-out of its net; `own`: where the cell is none of the boxes. */
function loadOf(box: Box | undefined, pin: string, own: number): number {
  if (box === undefined) return own;
  const inside = box.loads.get(pin);
  return inside === undefined ? 0 : inside;
}

interface NetPin {
  readonly name: string;
  readonly port: string;
  readonly bit: number;
  readonly net: number;
}

/** Pins that a net is on, with names such as `S[2]`. */
export function allPins(ports: Readonly<Record<string, Bits>>): readonly NetPin[] {
  return Object.keys(ports).flatMap((port) => pinsOf(ports, port));
}

/** Of a cell's pins those that `pin` names; none where the port is open or tied to a constant. */
function pinsOf(ports: NetlistCell["inputs"], pin: string): readonly NetPin[] {
  const [, port = pin, index] = /^(.*)\[(\d+)\]$/.exec(pin) ?? [];
  const ends = ports[port];
  if (ends === undefined) return [];
  return ends.flatMap((net, bit) =>
    typeof net === "number" && (index === undefined || Number(index) === bit)
      ? [{ name: `${port}[${bit}]`, port, bit, net }]
      : [],
  );
}
