/** Work on many inputs: what threads have to know of it. */

export interface Work<Setup, In, Out> {
  /** URL of the module that exports it. */
  readonly module: string;
  /** Name by which that exports it. */
  readonly name: string;
  /** From what all inputs have in common to the function of one. Setup, inputs and results are data without functions. */
  readonly start: (setup: Setup) => (input: In) => Out | Promise<Out>;
}
