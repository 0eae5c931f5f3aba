/** 4221000 as 4,221,000, whatever the machine's locale: numbers for people. */
export function thousands(n: number): string {
  return n.toLocaleString("en-US");
}
