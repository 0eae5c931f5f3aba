/** Damage to text: its words, numbers, brackets and lines. */
import { hostileTexts } from "../../support/hostile-text.ts";
import type { Random } from "../random.ts";

const NUMBERS = [
  "0",
  "-0",
  "1",
  "-1",
  "2",
  "3",
  "7",
  "8",
  "9",
  "64",
  "127",
  "128",
  "255",
  "256",
  "65536",
  "100000",
  "2147483647",
  "2147483648",
  "-2147483648",
  "4294967296",
  "9007199254740993",
  "1e9",
  "1e308",
  "1e999",
  "NaN",
  "Infinity",
  "-Infinity",
  "0.5",
  "0x10",
  "1e-400",
  "99999999999999999999999999",
] as const;

/** Nesting that breaks what reads by calling itself. */
const DEEP = 5000;

/** Words, numbers, strings, and single characters of the rest. */
const TOKENS = /"(?:[^"\\\n]|\\.)*"|[A-Za-z_$][\w$]*|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?n?|\s+|./gsu;

const tokensOf = (text: string): readonly string[] => text.match(TOKENS) ?? [];

/** A copy with another number, which may well be as sound as before. */
export function nudgeText(text: string, draw: Random): string {
  const tokens = tokensOf(text);
  const places = tokens.flatMap((token, at) => (/^\d+$/.test(token) ? [at] : []));
  if (places.length === 0) return text;
  const at = draw.pick(places);
  return tokens.with(at, String(Math.max(0, Number(tokens[at]) + draw.pick([-1, 1, 2])))).join("");
}

/** A changed copy. */
export function damageText(text: string, draw: Random): string {
  if (draw.chance(15)) return damageLines(text, draw);
  const tokens = tokensOf(text);
  const places = tokens.flatMap((token, at) => (/^\s/.test(token) ? [] : [at]));
  if (places.length === 0) return draw.pick(hostileTexts);
  const at = draw.pick(places);
  return tokens
    .with(
      at,
      damagedToken(tokens[at] ?? "", () => tokens[draw.pick(places)] ?? "", draw),
    )
    .join("");
}

function damagedToken(token: string, other: () => string, draw: Random): string {
  if (/^-?\d/.test(token) && draw.chance(80)) {
    if (draw.chance(30)) return String(Number.parseFloat(token) + draw.between(-2, 2));
    return draw.pick(NUMBERS) + (token.endsWith("n") ? "n" : "");
  }
  if (token.startsWith('"') && draw.chance(60)) {
    return draw.chance(50) ? JSON.stringify(draw.pick(hostileTexts)) : `"${draw.pick(hostileTexts)}"`;
  }
  if (/^[[({]$/.test(token) && draw.chance(40)) return token.repeat(draw.pick([2, 50, DEEP]));
  switch (draw.below(5)) {
    case 0:
      return "";
    case 1:
      return `${token}${token}`;
    case 2:
      return draw.pick(["__proto__", "constructor", "\u0000", "\ud800", "}", "{", "/*", '"', "0"]);
    default:
      return other();
  }
}

function damageLines(text: string, draw: Random): string {
  const lines = text.split("\n");
  const [at, other] = [draw.below(lines.length), draw.below(lines.length)];
  const line = lines[at] ?? "";
  switch (draw.below(5)) {
    case 0:
      return lines.toSpliced(at, 1).join("\n");
    case 1:
      return lines.toSpliced(other, 0, line).join("\n");
    case 2:
      return lines.toSpliced(at, 0, ...Array.from({ length: 1000 }, () => line)).join("\n");
    case 3:
      return lines.with(at, lines[other] ?? "").join("\n");
    default:
      return text.slice(0, draw.below(text.length));
  }
}
