/** Runs programs with Node's builtins alone; used before `npm ci` has brought anything better. */
import { spawn } from "node:child_process";

/**
 * Runs a program quietly. Null when the program does not exist.
 * @type {import("./tools.mjs").Run}
 */
export async function capture(command, args, input, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], cwd });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (output += String(chunk)));
    child.on("error", () => resolve(null));
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
    // A program that never reads its input closes the pipe first; that is no failure.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input ?? "");
  });
}

/**
 * Runs a program that prints straight to this terminal. Returns its exit status, 127 when it does not exist
 * and 130 when it was interrupted.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options] `env` adds to the environment
 * @returns {Promise<number>}
 */
export async function show(command, args, options = {}) {
  return new Promise((resolve) => {
    const env = { ...process.env, ...options.env };
    const child = spawn(command, args, { stdio: "inherit", cwd: options.cwd, env });
    child.on("error", () => resolve(127));
    child.on("close", (status, signal) => resolve(signal === "SIGINT" ? 130 : (status ?? 1)));
  });
}

/** A setup step that cannot go on; `status` is the exit status that says why. */
export class SetupError extends Error {
  /**
   * @param {string} message what is wrong and what to type
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.name = "SetupError";
    this.status = status;
  }
}

/**
 * Runs a script's main function: its result or its SetupError becomes the exit status.
 * @param {() => Promise<number>} main
 * @returns {Promise<void>}
 */
export async function script(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.status;
  }
}

/**
 * A progress line of the setup.
 * @param {string} text
 */
export function say(text) {
  process.stdout.write(`firebrick setup: ${text}\n`);
}
