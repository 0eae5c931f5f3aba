/** How far a campaign is: one line that is redrawn on a terminal, a line each tenth elsewhere. On stderr. */
export function progressLine(
  name: string,
  total: number,
  what = "FAILED",
): (done: number, failures: number) => void {
  let shown = 0;
  return (done, failures) => {
    const text = `${name}: ${done} of ${total}${failures > 0 ? `, ${failures} ${what}` : ""}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${text}${done === total ? "\n" : ""}`);
      return;
    }
    const tenth = Math.floor((10 * done) / total);
    if (tenth > shown) process.stderr.write(`${text}\n`);
    shown = Math.max(shown, tenth);
  };
}
