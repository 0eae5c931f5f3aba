/** Plan -> every file that `compile` writes, by its path in the output folder. */
import type { Hardware, Plan } from "../src/4-schedule/plan.ts";
import { partsFolder } from "../src/boards/parts.ts";
import type { Board } from "../src/boards/schema.ts";
import { sha256Hex } from "../src/platform/content-hash.ts";
import { packageVersion } from "../src/platform/package.ts";
import { benchData, benchFiles, type BenchPicture } from "./bench/files.ts";
import { boardFiles } from "./board/project.ts";
import { graphHash } from "./hash.ts";
import { json } from "./json.ts";
import { ACTIVATION_KERNELS, activationModules } from "./kernels.ts";
import { modulesOf, partsOf, type ModuleFile } from "./modules.ts";
import { render } from "./render.ts";
import { activationKernelsView } from "./view/activation-kernels.ts";
import { layoutView } from "./view/layout.ts";
import { listingView } from "./view/listing.ts";
import { modelImage } from "./view/memory-image.ts";
import { topView, type TopOrigin } from "./view/top.ts";
import type { ProjectOrigin } from "./board/view.ts";

/** Text or bytes by path, forward slashes. */
export type OutputFiles = ReadonlyMap<string, string | Uint8Array>;

/**
 * Same plan, same bytes: no dates, no machine paths, sorted keys. With a picture also the data of the testbench, which is
 * whole without.
 */
export function generate(plan: Plan, board?: Board, picture?: BenchPicture): OutputFiles {
  const modelHash = graphHash(plan.graph);
  const top = render("top.v", "verilog", topView(plan, origin(plan, modelHash)));
  const modules = modulesOf(top, { absent: absentModules(plan), generated: activationFiles(plan) });
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
  const project = { generator: generator(), modelHash: `sha256 ${modelHash}` };
  const files = new Map<string, string | Uint8Array>([
    ...rtl,
    ["files.f", rtlPaths.map((path) => `${path}\n`).join("")],
    ["memory/model.bin", modelImage(plan)],
    ["memory/layout.json", json(layoutView(plan))],
    ["program.json", json(listingView(plan))],
    ...[...parts].map(([name, text]) => [partPath(name), text] as const),
    ...(board === undefined ? plainFiles(plan, project) : boardFiles(plan, board, boardRtl, project)),
    ...benchFiles(plan, project),
    ...(picture === undefined ? [] : benchData(plan, picture)),
  ]);
  return new Map([...files, ["manifest.json", json(manifestView(plan, modelHash, files, board))]]);
}

/** What an accelerator without a board has instead of the board's project. */
function plainFiles(plan: Plan, project: ProjectOrigin): readonly (readonly [string, string])[] {
  const { busBytes, pc, pk } = plan.hardware;
  const view = { ...project, model: plan.graph.name, busBits: 8 * busBytes, pc, pk };
  return [
    ["Makefile", render("makefile", "makefile", view)],
    ["README.md", render("readme.md", "markdown", view)],
  ];
}

/**
 * The kernels of hw/kernels/requantise.ts without that of an accelerator, and without that of hw/rtl/requantizer.v's defaults: Yosys
 * wants to know what modules instantiate with their defaults too.
 */
export function otherRequantisers({
  float32,
  sumBits,
}: Pick<Hardware, "float32" | "sumBits">): readonly string[] {
  const own = `requantise${float32 ? "Float32" : ""}${sumBits === 32 ? "" : "Narrow"}`;
  return ["requantiseNarrow", "requantiseFloat32", "requantiseFloat32Narrow"].filter((name) => name !== own);
}

/** What only sparse steps need. */
const sparseModules: readonly string[] = [
  "group_walker",
  "group_walker_fields",
  "patch_store",
  "operand_select",
  "weight_decoder",
  "weight_expander",
];

/** Modules of the units that hw/rtl/accelerator.v has in other networks. */
function absentModules({ activations, hardware }: Plan): readonly string[] {
  const {
    codeBits,
    narrowWeights,
    packed,
    packer,
    patchWords,
    pool,
    residualDepth,
    residualOperations,
    tables,
  } = hardware;
  return [
    ...otherRequantisers(hardware),
    ...(packed && narrowWeights ? [] : ["dual_sum"]),
    residualOperations ? "residualAdd" : "residualOperation",
    ...(packer > 0 ? [] : ["patch_packer"]),
    ...(patchWords > 0 ? [] : sparseModules),
    ...(codeBits > 0 ? [] : ["code_table"]),
    ...(residualDepth > 0 ? [] : ["token_residual", "residual_add", "residual_rows"]),
    ...(pool === null ? ["max_pool"] : []),
    ...(activations.length > 0 ? [] : ["activation_select"]),
    ...(tables ? [] : ["table_loader", "table_writer", "table_lookup"]),
    ...(activations.length > 0 || tables ? [] : ["token_activation"]),
  ];
}

/** The kernels behind the lanes, and the module that holds them; none for a network without. */
function activationFiles({ activations, hardware }: Plan): readonly ModuleFile[] {
  if (activations.length === 0) return [];
  const kernels = activationModules(activations);
  const view = activationKernelsView(kernels, hardware.activationStages, generator());
  return [
    ...kernels.map(({ module, verilog }) => ({ name: module, text: verilog })),
    { name: ACTIVATION_KERNELS, text: render("activation-kernels.v", "verilog", view) },
  ];
}

/** Tool and version, as headers name them. */
function generator(): string {
  return `firebrick ${packageVersion()}`;
}

/** What the header of a generated file says about where it came from. */
function origin(plan: Plan, modelHash: string): TopOrigin {
  const { busBytes, packed, pc, pk } = plan.hardware;
  return {
    generator: generator(),
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
