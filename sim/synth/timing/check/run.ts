/** `npm run timing`: holds the analysis against nextpnr-ice40 and writes the table of docs/timing.md. Minutes where no cache has the designs. */
import { readFile, writeFile } from "node:fs/promises";
import { generateSmall } from "../../../../codegen/small/generate.ts";
import { boardByName } from "../../../../src/boards/index.ts";
import { loadModel } from "../../../../src/load.ts";
import { scheduleSmall } from "../../../../src/4-schedule/small/schedule.ts";
import { smallestBoard } from "../../../../src/boards/choose.ts";
import { packagePath } from "../../../../src/platform/package.ts";
import { placedProject } from "../../project.ts";
import type { Ice40Device } from "../ice40.ts";
import { compare, type Compared } from "./compare.ts";
import { checkedModules, type CheckedModule } from "./designs.ts";
import { placeModule, readPlaced, type Placed } from "./place.ts";

interface Row extends Compared {
  readonly design: string;
  readonly device: Ice40Device;
  readonly cells: number;
}

/** Throws MissingToolError, or ToolError. */
export async function checkAll(onDesign?: (design: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const add = (design: string, device: Ice40Device, placed: Placed): void => {
    rows.push({ design, device, cells: placed.cells, ...compare(placed, device) });
  };
  for (const checked of checkedModules) {
    onDesign?.(nameOf(checked));
    add(nameOf(checked), checked.device, await placeModule(checked));
  }
  onDesign?.("a whole small engine");
  const board = boardByName("icebreaker");
  const graph = loadModel("mobilenet-v1-0.25-96", {});
  const files = generateSmall(
    scheduleSmall(graph, board.name, () => smallestBoard(graph)),
    board,
  );
  const { netlist, report } = await placedProject(files, board, {});
  add("small engine of the iCEBreaker, whole", "up5k", await readPlaced(netlist, [report], board.name));
  return rows;
}

function nameOf({ module, parameters }: CheckedModule): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return [module, ...values].join(", ");
}

export async function writeTimingTable(): Promise<void> {
  const rows = await checkAll((design) => {
    console.log(design);
  });
  const page = packagePath("docs", "timing.md");
  const table = [
    "| design | device | logic cells | nextpnr ns | analysis ns | off by |",
    "|---|---|---|---|---|---|",
    ...rows.map(
      ({ cells, design, device, error, estimatedNs, ns }) =>
        `| ${design} | ${device} | ${cells} | ${ns.toFixed(1)} | ${estimatedNs.toFixed(1)} | ${(100 * error).toFixed(1)} % |`,
    ),
  ].join("\n");
  const text = await readFile(page, "utf8");
  const marked = /(<!-- checked -->\n)[\s\S]*(\n<!-- \/checked -->)/;
  await writeFile(
    page,
    text.replace(marked, (_, before: string, after: string) => `${before}\n${table}\n${after}`),
  );
}
