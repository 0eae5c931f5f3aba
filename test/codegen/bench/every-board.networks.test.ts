/** Each board's parts in Icarus, on a small array; in both simulators and as the board chooses: every-board.campaign.test.ts. */
import { describeBoards, smallNetwork } from "./every-board.ts";

describeBoards(smallNetwork, "sim-icarus", 1, { pk: 4, pc: 4 });
