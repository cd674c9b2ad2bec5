// Every failure that the sealing code names, in the families of whistle/errors.py.
//
// `reason` is a short code from a closed list and `facts` holds numbers, ids and names
// from a verified keyring; neither ever holds a sentence. The page chooses the words.

export class WhistleError extends Error {
  constructor(family, reason, facts = {}) {
    super(`${family}: ${reason}`);
    this.name = "WhistleError";
    this.family = family;
    this.reason = reason;
    this.facts = facts;
  }
}

export const refuse = (family, reason, facts) => {
  throw new WhistleError(family, reason, facts);
};
