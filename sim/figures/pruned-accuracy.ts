/** `npm run sparsity:accuracy`: docs/pruned-accuracy.md, what the embedded network loses by pruning, and gains in cycles. */
import { mkdirSync, writeFileSync } from "node:fs";
import { openWith } from "../../src/1-import/importer.ts";
import { tflite } from "../../src/1-import/tflite/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { packagePath } from "../../src/platform/package.ts";
import { picturesNetwork } from "../../src/zoo/pictures/network.ts";
import { exportTflite } from "../../src/zoo/pictures/training/export-tflite.ts";
import { foldModel } from "../../src/zoo/pictures/training/fold.ts";
import type { Model } from "../../src/zoo/pictures/training/model.ts";
import { quantiseModel } from "../../src/zoo/pictures/training/quantise.ts";
import { retrainPruned } from "../../src/zoo/pictures/training/retrain.ts";
import {
  floatAccuracy,
  schedule as embedded,
  trainNetwork,
  type Schedule,
} from "../../src/zoo/pictures/training/run.ts";
import { drawBatch, seeds } from "../../src/zoo/pictures/training/sets.ts";
import { markdownTable } from "./markdown.ts";
import { picture } from "./picture.ts";

const MEMORY = { bytes: 16, latency: 40, outstanding: 16 };
const SIZE = 8;
const CALIBRATION_BATCHES = 8;

/** Pruned by magnitude alone, and so that sparse steps come out full. */
const KINDS = ["magnitude", "balanced"] as const;

export interface Trained {
  readonly density: number;
  readonly kind: (typeof KINDS)[number];
  readonly cycles: number;
  /** Share of right answers of the float network on validation pictures, pruned and trained on. */
  readonly before: number;
  readonly after: number;
}

export interface Training {
  readonly first: Schedule;
  readonly again: Schedule;
  /** Validation pictures. */
  readonly pictures: number;
}

/** The embedded network with shares of the weights of its pointwise layers, before and after training on. */
export function prunedAccuracy(
  densities: readonly number[],
  { again, first, pictures }: Training,
): Trained[] {
  const model = trainNetwork(picturesNetwork(), first, () => undefined);
  const accuracy = (of: Model): number =>
    floatAccuracy(foldModel(of), seeds.validation, pictures, again.batch);
  const next = first.steps * first.batch;
  return densities.flatMap((density) =>
    KINDS.map((kind) => {
      const pruning = { density, balanced: kind === "balanced" ? SIZE : null };
      const before = retrainPruned(model, pruning, { ...again, steps: 0 }, next);
      const after = retrainPruned(model, pruning, again, next);
      const cycles = cyclesOf(after, again.batch);
      return { density, kind, cycles, before: accuracy(before), after: accuracy(after) };
    }),
  );
}

/** Quantised as `npm run train` does it. */
function cyclesOf(model: Model, batch: number): number {
  const pictures = Array.from(
    { length: CALIBRATION_BATCHES },
    (_, i) => drawBatch(seeds.calibration, i * batch, batch).input,
  );
  const bytes = exportTflite(quantiseModel(foldModel(model), pictures, batch));
  const graph = lower(runPasses(openWith(tflite, { path: "pictures.tflite", bytes })));
  return predict(schedule(graph, { pk: SIZE, pc: SIZE, busBytes: 16, sparse: true }), MEMORY).cycles;
}

const training: Training = {
  first: embedded,
  again: { steps: 400, batch: 32, rate: 0.001 },
  pictures: 1008,
};

/** Takes 20 minutes on one core: the network is trained once, and trained on for each row. */
export function writePrunedAccuracy(): void {
  const trained = prunedAccuracy([1, 0.7, 0.5, 0.35, 0.25], training);
  const lines = KINDS.map((kind) => {
    const own = trained.filter((one) => one.kind === kind);
    return [`${kind}, %`, own.map(({ after, cycles }) => [cycles / 1e3, 100 * after] as const)] as const;
  });
  const chart = picture(
    "accuracy",
    "Embedded network: right answers by cycles",
    "thousand cycles",
    false,
    lines,
  );
  mkdirSync(packagePath("docs", "images"), { recursive: true });
  writeFileSync(packagePath("docs", "images", "pruned-accuracy.svg"), chart);
  writeFileSync(packagePath("docs", "pruned-accuracy.md"), page(trained));
}

const percent = (share: number): string => (100 * share).toFixed(1);

function page(trained: readonly Trained[]): string {
  return `# Density, cycles and accuracy

Written by \`npm run sparsity:accuracy\`. The embedded network of \`npm start\` on ${SIZE}x${SIZE} multipliers: its pointwise layers keep a share of their weights, the largest (*magnitude*), or those that
fill [sparse steps](hardware.md#sparse-steps) (*balanced*), and it is trained on for ${training.again.steps} steps in which the lost ones stay zero. Cycles by the cycle
model, right answers of the float network on ${training.pictures} pictures that it has not seen.

![Right answers by cycles](images/pruned-accuracy.svg)

${markdownTable(
  ["density", "pruned by", "cycles", "right, pruned, %", "right, trained on, %"],
  trained.map(({ after, before, cycles, density, kind }) => [
    String(density),
    kind,
    String(cycles),
    percent(before),
    percent(after),
  ]),
)}`;
}
