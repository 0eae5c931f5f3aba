/** Installs missing tools with apt or Homebrew, or says what to type. */
import { checkTools, describeMissing } from "./tools.mjs";
import { SetupError } from "./run.mjs";

/**
 * @typedef {import("./tools.mjs").Tool} Tool
 * @typedef {import("./tools.mjs").Run} Run
 * @typedef {{ root: boolean, apt: boolean, sudo: boolean, brew: boolean }} Machine
 *   `sudo`: sudo works without asking for a password.
 * @typedef {{ command: string, args: readonly string[] }} Step
 * @typedef {{
 *   run: Run,
 *   show: (command: string, args: readonly string[], options?: { env?: Record<string, string> }) => Promise<number>,
 *   say: (text: string) => void,
 *   root: boolean,
 * }} Host how the installer reaches the machine; tests pass their own
 */

/**
 * Makes sure that every wanted tool is there. Throws SetupError with status 3 when one is missing and cannot
 * be installed.
 * @param {readonly Tool[]} wanted
 * @param {Host} host
 * @returns {Promise<void>}
 */
export async function ensureTools(wanted, host) {
  const missing = (await checkTools(wanted, host.run)).filter((state) => !state.ok);
  if (missing.length === 0) return;
  const names = missing.map(describeMissing).join(", ");
  const lacking = missing.map((state) => state.tool);
  const steps = installSteps(lacking, await inspectMachine(host));
  if (steps === null) throw new SetupError(`Missing: ${names}.\n${installHint(lacking)}`, 3);

  host.say(`installing ${names}`);
  for (const { command, args } of steps) {
    host.say(`running ${[command, ...args].join(" ")}`);
    const status = await host.show(command, args, { env: { DEBIAN_FRONTEND: "noninteractive" } });
    if (status === 0) continue;
    const line = [command, ...args].join(" ");
    throw new SetupError(
      `"${line}" failed with status ${status}.\nMissing: ${names}.\n${installHint(lacking)}`,
      3,
    );
  }
  const still = (await checkTools(lacking, host.run)).filter((state) => !state.ok);
  if (still.length > 0) {
    const text = still.map(describeMissing).join(", ");
    throw new SetupError(`Still missing after the installation: ${text}.\n${installHint(lacking)}`, 3);
  }
}

/**
 * The commands that install the tools on this machine; null when it gives no way to install them.
 * @param {readonly Tool[]} lacking
 * @param {Machine} machine
 * @returns {Step[] | null}
 */
export function installSteps(lacking, machine) {
  if (machine.apt && (machine.root || machine.sudo)) {
    const install = ["apt-get", "install", "-y", "--no-install-recommends", ...aptPackages(lacking)];
    return [["apt-get", "update"], install].map((line) =>
      asStep(machine.root ? line : ["sudo", "-n", ...line]),
    );
  }
  // Homebrew has no g++ or make: they come with Apple's command line tools, which ask on the screen.
  const formulas = lacking.map((tool) => tool.brew);
  if (machine.brew && formulas.every((name) => name !== null))
    return [asStep(["brew", "install", ...formulas])];
  return null;
}

/**
 * What to type, for a message of `npm start` and `npm test`.
 * @param {readonly Tool[]} lacking
 * @returns {string}
 */
function installHint(lacking) {
  const old = lacking.filter((tool) => tool.minimum !== undefined);
  const versions = old.map(
    (tool) => `\n(${tool.name} has to be version ${(tool.minimum ?? []).join(".")} or newer)`,
  );
  return `Install with: ${installCommands(lacking)}${versions.join("")}`;
}

/**
 * "sudo apt-get install ... (Debian, Ubuntu); brew install ... (macOS)".
 * @param {readonly Tool[]} lacking
 * @returns {string}
 */
export function installCommands(lacking) {
  const brew = lacking.map((tool) => tool.brew).filter((name) => name !== null);
  const mac = [
    ...(lacking.some((tool) => tool.brew === null) ? ["xcode-select --install"] : []),
    ...(brew.length > 0 ? [`brew install ${brew.join(" ")}`] : []),
  ];
  const apt = `sudo apt-get install -y --no-install-recommends ${aptPackages(lacking).join(" ")}`;
  return `${apt} (Debian, Ubuntu); ${mac.join(" && ")} (macOS)`;
}

/**
 * @param {readonly Tool[]} lacking
 * @returns {string[]}
 */
function aptPackages(lacking) {
  return [...new Set(lacking.map((tool) => tool.apt))];
}

/**
 * @param {readonly string[]} line
 * @returns {Step}
 */
function asStep(line) {
  const [command = "", ...args] = line;
  return { command, args };
}

/**
 * @param {Host} host
 * @returns {Promise<Machine>}
 */
async function inspectMachine(host) {
  const works = async (/** @type {string} */ command, /** @type {string[]} */ args) =>
    (await host.run(command, args))?.status === 0;
  const [apt, sudo, brew] = await Promise.all([
    works("apt-get", ["--version"]),
    works("sudo", ["-n", "true"]),
    works("brew", ["--version"]),
  ]);
  return { root: host.root, apt, sudo, brew };
}
