/** What benches expect in every cycle: vitest's `expect`, which takes microseconds to set up, only says what is wrong. */
import { expect } from "vitest";

export function same(found: number | bigint | boolean | undefined, wanted: number | bigint | boolean): void {
  if (found !== wanted) expect(found).toBe(wanted);
}

export function below(found: number, limit: number): void {
  if (!(found < limit)) expect(found).toBeLessThan(limit);
}

export function atMost(found: number, limit: number): void {
  if (!(found <= limit)) expect(found).toBeLessThanOrEqual(limit);
}

export function above(found: number, limit: number): void {
  if (!(found > limit)) expect(found).toBeGreaterThan(limit);
}

export function atLeast(found: number, limit: number): void {
  if (!(found >= limit)) expect(found).toBeGreaterThanOrEqual(limit);
}
