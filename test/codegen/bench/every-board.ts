/** `make` in the project of each board, in a folder of its own and without a way to Node. */
import { tmpdir } from "node:os";
import { execa } from "execa";
import { expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { boardByName, boardNames } from "../../../src/boards/index.ts";
import { buildNetwork } from "../../../src/ir/builder.ts";
import type { ArraySize } from "../../../src/index.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { planAccelerator } from "../../../src/targets/index.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { seededInteger } from "../../networks/hardware.ts";

/** A convolution, a depthwise separable block and an average: what every engine computes. */
export function smallNetwork(): IntGraph {
  const b = buildNetwork("every board", { height: 9, width: 7, channels: 3 });
  const first = b.conv("first", b.input, 8, { kernel: 3, stride: 2, activation: "relu" });
  const depthwise = b.depthwise("depthwise", first, { kernel: 3, activation: "relu" });
  const point = b.conv("point", depthwise, 5, { kernel: 1 });
  b.globalAverage("average", point);
  return seededInteger(b.finish(), 5);
}

/** For every board a test that `make TARGET` passes, as often as `passes` says; `array` in place of the board's choice. */
export function describeBoards(
  graph: () => IntGraph,
  target: string,
  passes: number,
  array?: ArraySize,
): void {
  it.each(boardNames())(`make ${target} passes in the project for %s`, (name) =>
    inTemporaryFolder(async (folder) => {
      const board = boardByName(name);
      const isSmall = board.smallEngine !== undefined;
      writeFiles(planAccelerator(graph(), { board, ...(array && !isSmall && { array }) }).project(), folder);
      const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: tmpdir() };
      const options = { cwd: folder, env, extendEnv: false, reject: false } as const;
      const { exitCode, stderr, stdout } = await execa("make", ["-s", target], options);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout.split("\n").filter((line) => line === "PASS")).toHaveLength(passes);
    }),
  );
}
