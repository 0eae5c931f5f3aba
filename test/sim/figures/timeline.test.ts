import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  squeezenetTimeline,
  timelinePath,
  timelineSvg,
  type Timeline,
} from "../../../sim/figures/timeline.ts";

describe("the timeline of SqueezeNet", () => {
  const timeline = squeezenetTimeline();

  it("gives every cycle to one bar, one behind the other", () => {
    let at = 0;
    for (const { compute, other, stall, start } of timeline.bars) {
      expect(start).toBe(at);
      at += compute + stall + other;
    }
    expect(at).toBe(timeline.cycles);
  });

  it("has a bar for squeeze and expand of each Fire module", () => {
    const fires = timeline.bars.filter(({ engine }) => engine === "fire");
    expect(fires).toHaveLength(8);
    expect(timeline.bars).toHaveLength(19);
    expect(timeline.utilization).toBeGreaterThan(0.95);
  });

  it("is what docs/squeezenet-timeline.svg shows; `npm run figures:timeline` draws it anew", () => {
    expect(readFileSync(timelinePath, "utf8")).toBe(timelineSvg(timeline));
  });
});

describe("timelineSvg", () => {
  const timeline: Timeline = {
    ...{ network: "<net> & co", array: "4x4", memory: { bytes: 8, latency: 40, outstanding: 16 } },
    ...{ cycles: 1_400_000, utilization: 0.5 },
    bars: [
      { name: "a/b", engine: "conv", start: 0, compute: 700_000, stall: 0, other: 0, utilization: 1 },
      {
        name: "c",
        engine: "pool",
        start: 700_000,
        compute: 0,
        stall: 350_000,
        other: 350_000,
        utilization: 0,
      },
    ],
  };
  const svg = timelineSvg(timeline);

  it("draws bars to scale and leaves out what has no cycles", () => {
    const rects = [
      ...svg.matchAll(
        /<rect class="(compute|stall|other)" x="([\d.]+)" y="\d+" width="([\d.]+)" height="14"/g,
      ),
    ];
    expect(rects.map(([, kind, x, width]) => [kind, Number(x), Number(width)])).toEqual([
      ["compute", 200, 280],
      ["stall", 480, 140],
      ["other", 620, 140],
    ]);
  });

  it("says in words what it shows, with the names escaped", () => {
    expect(svg).toContain(
      "&lt;net&gt; &amp; co on 4x4: 1,400,000 cycles by the cycle model, utilisation 0.500</title>",
    );
    expect(svg).toContain("The array takes a step in 50.0 % of the cycles and waits in 25.0 %.");
    expect(svg).toContain("(prefers-color-scheme: dark)");
  });
});
