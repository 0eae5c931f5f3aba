import type { Argv } from "yargs";
import { addAccuracy } from "./accuracy.ts";
import { addBoards } from "./boards.ts";
import { addCompile } from "./compile.ts";
import { addCompress } from "./compress.ts";
import { addDoctor } from "./doctor.ts";
import { addExplore } from "./explore.ts";
import { addGolden } from "./golden.ts";
import { addHls } from "./hls.ts";
import { addInspect } from "./inspect.ts";
import type { Io } from "./io.ts";
import { addModels } from "./models.ts";
import { addQuantize } from "./quantize.ts";
import { addReport } from "./report.ts";
import { addSimulate } from "./simulate.ts";

/** Every command, in the order of --help. */
export const commands: readonly ((parser: Argv, io: Io) => void)[] = [
  addInspect,
  addCompile,
  addSimulate,
  addGolden,
  addQuantize,
  addCompress,
  addHls,
  addAccuracy,
  addReport,
  addExplore,
  addModels,
  addBoards,
  addDoctor,
];
