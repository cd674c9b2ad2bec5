// Where things are in a checkout.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CHECKOUT = new URL("../../../", import.meta.url);

export const inCheckout = (path) => fileURLToPath(new URL(path, CHECKOUT));
export const readText = (path) => readFileSync(inCheckout(path), "utf8");
export const readVectors = (name) => JSON.parse(readText(`tests/vectors/${name}`));
