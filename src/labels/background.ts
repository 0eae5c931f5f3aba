/** Classes of ImageNet networks whose class 0 is the background. */
const WITH_BACKGROUND = 1001;

/** How far a network of so many classes counts ahead of a labels file: by the background class, if it has one. */
export function backgroundShift(classes: number): 0 | 1 {
  return classes === WITH_BACKGROUND ? 1 : 0;
}
