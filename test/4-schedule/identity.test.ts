import { expect, it } from "vitest";
import { hardwareIdentity } from "../../src/4-schedule/identity.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import type { Plan } from "../../src/4-schedule/plan.ts";
import { loadModel } from "../../src/load.ts";

const planOf = (pk: number): Plan => schedule(loadModel("mobilenet-v1-0.25-32"), { pk, pc: 4, busBytes: 8 });

it("is that of the hardware, not of the order in which its fields were made", () => {
  const plan = planOf(4);
  const turned = Object.fromEntries(Object.entries(plan.hardware).reverse()) as unknown as Plan["hardware"];
  const own = hardwareIdentity(plan);
  expect(own).toBeGreaterThanOrEqual(0);
  expect(own).toBeLessThan(2 ** 16);
  expect(hardwareIdentity({ ...plan, hardware: turned })).toBe(own);
  expect(hardwareIdentity({ ...plan, blocks: [] } as Plan)).toBe(own);
});

it("is another for whatever the program relies on", () => {
  const plan = planOf(4);
  const { activations, hardware, regionBytes } = plan;
  const kernel = { latency: 3, table: Int8Array.of(1, 2) } as Plan["activations"][number];
  const [first, ...others] = hardware.lineBuffers;
  const all = [
    plan,
    planOf(8),
    { ...plan, hardware: { ...hardware, paramDepth: 2 * hardware.paramDepth } },
    { ...plan, hardware: { ...hardware, leftShifts: !hardware.leftShifts } },
    { ...plan, hardware: { ...hardware, lineBuffers: [{ ...first!, depth: first!.depth + 1 }, ...others] } },
    { ...plan, regionBytes: { ...regionBytes, output: regionBytes.output + 16 } },
    { ...plan, regionBytes: { ...regionBytes, workspace: regionBytes.workspace + 16 } },
    { ...plan, activations: [...activations, kernel] },
    { ...plan, activations: [...activations, { ...kernel, table: Int8Array.of(1, 3) }] },
  ].map(hardwareIdentity);
  expect(new Set(all).size).toBe(all.length);
});
