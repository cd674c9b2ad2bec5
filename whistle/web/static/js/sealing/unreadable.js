// When a case counts as one that cannot be opened: case.age opens with no key of mine, what opens is
// no key of this case, or the report's own entry does not open.

const FAMILIES = ["NotForMeError", "SealError"];
const REASONS = ["cannot_open", "case_key", "damaged", "shape"];

/** Whether an error of opening `case.age` says that it holds nothing for me. */
export const keysDoNotOpen = ({ family }) => FAMILIES.includes(family);

/** Whether of a verified case not even the report could be opened. */
export const reportDoesNotOpen = ({ entries, fault }) =>
  entries.length === 0 && fault !== null && fault.seq === 1 && REASONS.includes(fault.reason);
