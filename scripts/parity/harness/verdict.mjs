/** True when a row holds: its difference is within `tolerance`, or, where things must differ, is `atLeast` that much. */
export function holds({ difference, tolerance, atLeast }) {
  return atLeast === undefined ? difference <= tolerance : difference >= atLeast;
}

/** The row's bound in words. */
export function bound({ tolerance, atLeast }) {
  return atLeast === undefined ? `≤ ${tolerance}` : `≥ ${atLeast}`;
}
