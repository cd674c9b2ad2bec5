// Leaves P-256 and P-384 out of the built library: a sixth of its size, and only typage's "tag"
// recipients use them (keys on hardware tokens), to which Whistle never seals. Nothing that is
// left in is changed: two import names become a class that refuses, and calls without side
// effects are marked as such, so that esbuild drops them when nobody uses their result.

import { readFileSync } from "node:fs";

const TAGS = 'import { TagRecipient, HybridTagRecipient } from "./recipients.js";';
const NO_TAGS = `
class TagRecipient { constructor() { throw Error("tag recipients are left out"); } }
const HybridTagRecipient = TagRecipient;
`;
const PURE = "/* @__PURE__ */ ";

const EDITS = [
  { file: /age-encryption\/dist\/index\.js$/, edits: [[TAGS, NO_TAGS]] },
  {
    file: /@noble\/post-quantum\/hybrid\.js$/,
    edits: [
      ["= QSF('QSF-KEM(ML-KEM-768", `= ${PURE}QSF('QSF-KEM(ML-KEM-768`],
      ["= QSF('QSF-KEM(ML-KEM-1024", `= ${PURE}QSF('QSF-KEM(ML-KEM-1024`],
      ["ecdhKem(p256, true)", `${PURE}ecdhKem(p256, true)`],
      ["ecdhKem(p384, true)", `${PURE}ecdhKem(p384, true)`],
      ["= createKitchenSink('", `= ${PURE}createKitchenSink('`],
    ],
  },
];

function edited(path, edits) {
  return edits.reduce((source, [from, to]) => {
    if (source.split(from).length !== 2) throw new Error(`${path} no longer holds once: ${from}`);
    return source.replace(from, () => to);
  }, readFileSync(path, "utf8"));
}

export const lean = {
  name: "lean",
  setup(build) {
    for (const { file, edits } of EDITS) {
      build.onLoad({ filter: file }, ({ path }) => ({ contents: edited(path, edits) }));
    }
  },
};
