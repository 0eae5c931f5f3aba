/** Charts of the docs. */
import { drawChart, ink, legend } from "../../codegen/report/chart.ts";

/** Lines over one axis, as a picture of its own: grey text reads on light and on dark pages. */
export function picture(
  id: string,
  title: string,
  xName: string,
  log: boolean,
  lines: readonly (readonly [name: string, points: readonly (readonly [number, number])[]])[],
): string {
  const axis = (name: string) => ({ name, nameLocation: "middle", nameGap: 30, ...ink });
  const svg = drawChart({
    id,
    title,
    description: `${title}; the table has every number.`,
    width: 760,
    height: 380,
    option: {
      grid: { left: 70, right: 30, top: 50, bottom: 60 },
      legend,
      xAxis: { ...axis(xName), type: log ? "log" : "value", ...(log && { logBase: 2, min: 16, max: 512 }) },
      yAxis: { ...ink, type: "value", min: 0 },
      series: lines.map(([name, data]) => ({ type: "line", name, data })),
    },
  });
  return `${String(svg).replaceAll("currentColor", "#6e7781")}\n`;
}
