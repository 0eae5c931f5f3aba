/** Plan -> every file that `compile` writes, by its path in the output folder. */
import type { Plan } from "../src/4-schedule/plan.ts";
import { partsFolder } from "../src/boards/parts.ts";
import type { Board } from "../src/boards/schema.ts";
import { sha256Hex } from "../src/platform/content-hash.ts";
import { packageVersion } from "../src/platform/package.ts";
import { boardFiles } from "./board/project.ts";
import { graphHash } from "./hash.ts";
import { json } from "./json.ts";
import { activationModules } from "./kernels.ts";
import { modulesOf, partsOf } from "./modules.ts";
import { render } from "./render.ts";
import { layoutView } from "./view/layout.ts";
import { listingView } from "./view/listing.ts";
import { modelImage } from "./view/memory-image.ts";
import { topView, type TopOrigin } from "./view/top.ts";

/** Text or bytes by path, forward slashes. */
export type OutputFiles = ReadonlyMap<string, string | Uint8Array>;

/** Same plan, same bytes: no dates, no machine paths, sorted keys. */
export function generate(plan: Plan, board?: Board): OutputFiles {
  const modelHash = graphHash(plan.graph);
  const activations = activationModules(plan.activations);
  const top = render("top.v", "verilog", topView(plan, origin(plan, modelHash), activations));
  const modules = [
    ...activations.map(({ module, verilog }) => ({ name: module, text: verilog })),
    ...modulesOf(top, [plan.hardware.float32 ? "requantise" : "requantiseFloat32"]),
  ];
  const rtl: (readonly [string, string])[] = [
    ...modules.map(({ name, text }) => [`rtl/${name}.v`, text] as const),
    ["rtl/top.v", top],
  ];
  const rtlPaths = rtl.map(([path]) => path);
  const folder = board === undefined ? null : partsFolder(board);
  const parts = partsOf(modules, folder);
  const partPath = (name: string) => `rtl/${folder}/${name}.v`;
  const boardRtl = modules.map(({ name }) => (parts.has(name) ? partPath(name) : `rtl/${name}.v`));
  boardRtl.push("rtl/top.v");
  const project = { generator: `firebrick ${packageVersion()}`, modelHash: `sha256 ${modelHash}` };
  const files = new Map<string, string | Uint8Array>([
    ...rtl,
    ["files.f", rtlPaths.map((path) => `${path}\n`).join("")],
    ["memory/model.bin", modelImage(plan)],
    ["memory/layout.json", json(layoutView(plan))],
    ["program.json", json(listingView(plan))],
    ...[...parts].map(([name, text]) => [partPath(name), text] as const),
    ...(board === undefined ? [] : boardFiles(plan, board, boardRtl, project)),
  ]);
  return new Map([...files, ["manifest.json", json(manifestView(plan, modelHash, files, board))]]);
}

/** What the header of a generated file says about where it came from. */
function origin(plan: Plan, modelHash: string): TopOrigin {
  const { busBytes, packed, pc, pk } = plan.hardware;
  return {
    generator: `firebrick ${packageVersion()}`,
    model: plan.graph.name,
    modelHash: `sha256 ${modelHash}`,
    options: `--array ${pk}x${pc}, ${8 * busBytes}-bit memory bus${packed ? ", two products a DSP block" : ""}`,
  };
}

function manifestView(plan: Plan, modelHash: string, files: OutputFiles, board?: Board): object {
  const { busBytes, pc, pk } = plan.hardware;
  return {
    array: { pc, pk },
    ...(board === undefined ? {} : { board: board.name }),
    busBytes,
    files: Object.fromEntries([...files].map(([path, content]) => [path, sha256Hex(content)])),
    firebrick: packageVersion(),
    model: { name: plan.graph.name, sha256: modelHash },
    multipliers: plan.multipliers,
    top: "top",
  };
}
