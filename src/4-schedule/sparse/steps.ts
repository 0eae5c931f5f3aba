/** Steps of a convolution that leaves zeros out. */

/** A step of all lanes. */
export interface SparseStep {
  /** First word of the patch that it sees. */
  readonly position: number;
  /** By lane and multiplier: the weight that it takes, as an index into the lane's patch, or IDLE. */
  readonly taken: Int32Array;
}

/** The steps of a segment's groups. */
export interface SparseGroups {
  /** Of each group: those that need fewer have idle ones behind theirs. */
  readonly steps: number;
  /** Where the operator's own patch begins in that of the phase. */
  readonly firstWord: number;
  /** Steps in the operator's own patch. */
  readonly groups: readonly (readonly SparseStep[])[];
}

/** A convolution that takes the words of a patch out of order. */
export interface SparsePhase {
  /** Of a whole patch. */
  readonly patchWords: number;
  /** Of the groups that take the centre tap only. */
  readonly centre: SparseGroups | null;
  readonly own: SparseGroups;
}
