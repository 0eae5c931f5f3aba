/** What GTKWave is told to show stands in the testbench. */
import { expect, it } from "vitest";
import { boardByName } from "../../../src/boards/index.ts";
import { loadModel } from "../../../src/load.ts";
import { planAccelerator } from "../../../src/targets/index.ts";

it.each([undefined, "icebreaker"])(
  "sim/testbench.gtkw names signals of the testbench, the layer among them: board %s",
  (name) => {
    const wanted = name === undefined ? { array: { pk: 4, pc: 4 } } : { board: boardByName(name) };
    const files = planAccelerator(loadModel("pictures"), wanted).project();
    const bench = String(files.get("sim/testbench.v"));
    const shown = [...String(files.get("sim/testbench.gtkw")).matchAll(/^testbench\.(\w+)/gm)].map(
      ([, one]) => one!,
    );
    expect(shown[0]).toBe("layer");
    expect(shown.length).toBeGreaterThan(5);
    const declared = (one: string) =>
      new RegExp(`^ *(?:wire|reg|integer)\\b[^;=]*\\b${one}\\b`, "m").test(bench);
    expect(shown.filter((one) => !declared(one))).toEqual([]);
  },
);
