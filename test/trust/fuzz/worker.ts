/** A process that reads one case after the other, as its parent says: what crashes, hangs or eats memory does it here. */
import { runCase } from "./case.ts";
import type { Order, Told } from "./messages.ts";

const tell = (told: Told): void => {
  process.send?.(told);
};

process.on("message", (order: Order) => {
  void run(order);
});
// The campaign was ended: nothing is left running.
process.on("disconnect", () => process.kill(process.pid));
tell({ kind: "ready" });

async function run({ folder, ...number }: Order): Promise<void> {
  const outcome = await runCase(number, folder, (step) => tell({ kind: "begins", step }));
  const peak = 1024 * process.resourceUsage().maxRSS;
  tell({ kind: "done", outcome, peak, now: process.memoryUsage.rss() });
}
