/** From the array's peak to what it reaches: where the cycles go that do not multiply with every multiplier. */
import { addSplits, noCycles, type Split } from "./split.ts";

/** What is known of a layer. */
interface SpentLayer {
  readonly engine: string;
  readonly macs: number;
  readonly cycles: number;
  readonly split: Split;
}

/** `from` to `to`: cycles of an image, before and with this loss. */
export interface WaterfallStep {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The first step is all multiply-accumulates with every multiplier at work, the last all cycles; what lies between begins where the
 * one before it ends. Layers whose zeros take no cycles are faster than the peak: their step goes back.
 */
export function waterfall(
  layers: readonly SpentLayer[],
  macs: number,
  multipliers: number,
): readonly WaterfallStep[] {
  const split = layers.reduce((sum, layer) => addSplits(sum, layer.split), noCycles);
  const beyondPeak = (layer: SpentLayer): number => layer.split.compute - layer.macs / multipliers;
  const lostBy = (isWanted: (layer: SpentLayer) => boolean): number =>
    layers.filter(isWanted).reduce((sum, layer) => sum + beyondPeak(layer), 0);
  const isDepthwise = ({ engine }: SpentLayer): boolean => engine === "depthwise";
  const losses: readonly (readonly [string, number])[] = [
    ["zeros left out", lostBy((layer) => !isDepthwise(layer) && beyondPeak(layer) < 0)],
    ["array shape", lostBy((layer) => !isDepthwise(layer) && beyondPeak(layer) >= 0)],
    ["depthwise", lostBy(isDepthwise)],
    ["fill and set-up", split.program + split.setup + split.space + split.drain],
    ["memory", split.rows + split.weights],
    ["requantise and write", split.output],
  ];
  const peak = macs / multipliers;
  const steps: WaterfallStep[] = [{ name: "peak", from: 0, to: peak }];
  let at = peak;
  for (const [name, cycles] of losses) {
    if (cycles === 0) continue;
    steps.push({ name, from: at, to: at + cycles });
    at += cycles;
  }
  const all = layers.reduce((sum, layer) => sum + layer.cycles, 0);
  return [...steps, { name: "achieved", from: 0, to: all }];
}
