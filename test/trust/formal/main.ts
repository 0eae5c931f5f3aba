/** `npm run formal`: every proof, and a table. Exit status 1 when one does not hold. */
import { lastLine, recordRun } from "../record.ts";
import { table } from "../table.ts";
import { proofs } from "./proofs.ts";
import { prove } from "./prove.ts";

const started = performance.now();
const rows: string[][] = [];
const failures: string[] = [];
for (const proof of proofs()) {
  const { claim, depth, forever, top } = proof;
  const { holds, said, seconds } = await prove(proof);
  const reach = forever ? "all time, by induction" : `${depth} cycles from reset`;
  rows.push([top.replace(/^(formal|contract)_/, ""), claim, holds ? reach : "FAILED", seconds.toFixed(1)]);
  if (!holds) failures.push(`FAILED: ${top}: ${said}\n`);
  process.stderr.write(`formal: ${top} ${holds ? "holds" : "FAILED"}\n`);
}
process.stdout.write(`${table(["module", "what", "holds for", "seconds"], rows)}\n${failures.join("")}`);
const proved = rows.length - failures.length;
const seconds = Math.round((performance.now() - started) / 1000);
const said = `formal: ${proved} of ${rows.length} proofs hold; ${seconds} s\n`;
process.stdout.write(said);
recordRun("npm run formal", lastLine(said));
process.exitCode = failures.length === 0 ? 0 : 1;
