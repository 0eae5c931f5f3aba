/** `firebrick/browser`: what a page gives and gets before it uses Firebrick; docs/api.md. */
export { readFile, writeFile } from "./files.ts";
export { setUp, type Platform } from "./given.ts";
