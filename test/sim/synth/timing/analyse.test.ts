/** The analysis on small netlists, with delays that are easily added up. */
import { expect, it } from "vitest";
import { analyse } from "../../../../sim/synth/timing/analyse.ts";
import type { Box } from "../../../../sim/synth/timing/graph.ts";
import { arcs, combinational, edges, type DelayModel } from "../../../../sim/synth/timing/model.ts";
import { namesOf } from "../../../../sim/synth/timing/names.ts";
import { tracer } from "../../../../sim/synth/timing/trace.ts";
import { circuit, type Cell } from "./circuit.ts";

/** A register launches after 100 and captures 10 before; a gate takes 1, by its second input 5; a wire 1000 a pin that it drives. */
const model: DelayModel = {
  cell: (type) =>
    type === "REG"
      ? { arcs: [], launches: edges(["Q"], 100), captures: edges(["D"], 10) }
      : combinational([...arcs(["A"], ["Z"], 1), ...arcs(["B"], ["Z"], 5)]),
  isRegisterData: ({ port, type }) => type === "REG" && port === "D",
  wire: ({ fanout, type }) => (type === "" ? 0 : 1000 * fanout),
};
const reg = (d: string, q: string): Cell => ({ type: "REG", in: { D: d }, out: { Q: q } });
const gate = (a: string, b: string, z: string): Cell => ({ type: "GATE", in: { A: a, B: b }, out: { Z: z } });

function slowest(netlist: ReturnType<typeof circuit>, boxes: ReadonlyMap<string, Box> = new Map()) {
  const analysis = analyse(netlist, model, boxes);
  const paths = analysis.graph.ends.flatMap((end) => analysis.paths(end) ?? []);
  return { analysis, path: paths.sort((a, b) => b.ps - a.ps)[0] };
}

it("adds clock to output, wires by what they drive, cells by their input, and set-up", () => {
  // a drives two gates; its way by B of the second is the longest
  const netlist = circuit({
    r0: reg("in", "a"),
    g0: gate("a", "1", "b"),
    g1: gate("b", "a", "c"),
    r1: reg("c", "q"),
  });
  const { path } = slowest(netlist);
  expect(path?.ps).toBe(100 + 2000 + 1 + 1000 + 1 + 1000 + 10);
  const { trace } = tracer(netlist, namesOf(netlist), new Map());
  const hops = path ? trace(path) : [];
  expect(hops.map(({ cell, logicPs, signal, wirePs }) => [cell, signal, wirePs, logicPs])).toEqual([
    ["REG", "a", 0, 100],
    ["GATE", "b", 2000, 1],
    ["GATE", "c", 1000, 1],
    ["REG", "q", 1000, 10],
  ]);
});

it("counts no path from a port or to one, and none that begins at a constant", () => {
  const netlist = circuit(
    { g0: gate("in", "1", "a"), r0: reg("a", "q"), g1: gate("q", "1", "out"), r1: reg("0", "p") },
    { in: ["in"], out: ["out"] },
  );
  expect(slowest(netlist).path).toBeUndefined();
});

it("tells a loop without a register, and follows what leads past it", () => {
  const netlist = circuit({
    r0: reg("in", "a"),
    g0: gate("a", "y", "x"),
    g1: gate("x", "1", "y"),
    g2: gate("y", "1", "z"),
    r1: reg("z", "q"),
  });
  const { analysis, path } = slowest(netlist);
  expect(analysis.loops).toHaveLength(1);
  // a; x drives one pin, y two
  expect(path?.ps).toBe(100 + 1000 + 1 + 1000 + 1 + 2000 + 1 + 1000 + 10);
});

it("takes a module with its own paths for a cell, and finds the way through its insides", () => {
  const inner = circuit(
    { g0: gate("in", "1", "x"), r0: reg("x", "held"), g1: gate("held", "1", "out") },
    { in: ["in"], out: ["out"] },
  );
  const box = analyse(inner, model).box();
  expect(box.captures).toEqual([{ pin: "in[0]", ps: 1 + 1000 + 10 }]);
  expect(box.launches).toEqual([{ pin: "out[0]", ps: 100 + 1000 + 1 }]);
  expect(box.arcs).toEqual([]);
  const lane = (input: string, output: string): Cell => ({
    type: "m1",
    in: { in: input },
    out: { out: output },
  });
  const outer = circuit({ u_a: lane("z", "a"), g0: gate("a", "1", "b"), u_b: lane("b", "z") });
  const { path } = slowest(outer, new Map([["m1", box]]));
  // out of u_a, a wire, the gate, a wire, into u_b
  expect(path?.ps).toBe(1101 + 1000 + 1 + 1000 + 1011);
  const { trace } = tracer(
    outer,
    namesOf(outer),
    new Map([["m1", { netlist: inner, names: namesOf(inner), box }]]),
  );
  const hops = path ? trace(path) : [];
  expect(hops.map(({ cell, instance, signal }) => [instance, cell, signal])).toEqual([
    ["u_a", "REG", "held"],
    ["u_a", "GATE", "out"],
    ["", "GATE", "b"],
    ["u_b", "GATE", "x"],
    ["u_b", "REG", "held"],
  ]);
  expect(hops.reduce((sum, hop) => sum + hop.wirePs + hop.logicPs, 0)).toBe(path?.ps);
});

it("passes a module through that holds no register", () => {
  const inner = circuit(
    { g0: gate("in", "1", "x"), g1: gate("x", "in", "out") },
    { in: ["in"], out: ["out"] },
  );
  const box = analyse(inner, model).box();
  expect(box.arcs).toEqual([{ from: "in[0]", to: "out[0]", ps: 1 + 1000 + 1 }]);
  // two pins inside
  expect(box.loads.get("in[0]")).toBe(2);
});
