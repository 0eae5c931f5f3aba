/** Fields of TensorFlow Lite's metadata that Firebrick reads, by their place in metadata_schema.fbs. */

/** Of the buffer, and of the entry of the model's metadata that names it. */
export const METADATA_IDENTIFIER = "M001";
export const METADATA_NAME = "TFLITE_METADATA";

export const ModelMetadataField = { subgraphs: 3 } as const;
export const SubGraphMetadataField = { inputs: 2, outputs: 3 } as const;
export const TensorMetadataField = { processUnits: 4, files: 6 } as const;
export const ProcessUnitField = { optionsType: 0, options: 1 } as const;
export const NormalizationField = { mean: 0, std: 1 } as const;
export const AssociatedFileField = { name: 0, type: 2 } as const;

/** ProcessUnitOptions: NormalizationOptions. */
export const NORMALIZATION = 1;
/** AssociatedFileType: TENSOR_AXIS_LABELS. */
export const LABELS_OF_AXIS = 2;
