/** What docs/operators.md says of an operator that an importer reads, in Markdown; what is left out is empty there. */
export interface OperatorWords {
  /** The kinds of nodes that it becomes. */
  readonly node?: string;
  /** The options or attributes that are honoured. */
  readonly options?: string;
  /** Attributes without effect on the result. */
  readonly unused?: string;
  readonly refused?: string;
}
