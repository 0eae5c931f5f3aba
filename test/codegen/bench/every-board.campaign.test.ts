import { loadModel } from "../../../src/load.ts";
import { describeBoards } from "./every-board.ts";

describeBoards(() => loadModel("pictures"), "sim", 2);
