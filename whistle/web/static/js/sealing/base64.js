// Base64url without padding (RFC 4648 section 5), strictly read.

import { refuse } from "./errors.js";

export function b64u(bytes) {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes of text in which each letter is one; a loop, because entries are tens of kilobytes. */
export function bytesOf(binary) {
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** The bytes of strict base64url: no padding, no spaces, unused bits zero. */
export function fromB64u(written, family = "SealError", size = undefined) {
  if (typeof written !== "string" || !/^[A-Za-z0-9_-]*$/.test(written)) {
    refuse(family, "value");
  }
  if (written.length % 4 === 1) refuse(family, "value");
  const bytes = bytesOf(atob(written.replaceAll("-", "+").replaceAll("_", "/")));
  if (size !== undefined && bytes.length !== size) refuse(family, "value");
  const last = written.length % 4;
  if (last && b64u(bytes.subarray(bytes.length - (last - 1))) !== written.slice(-last)) {
    refuse(family, "value");
  }
  return bytes;
}
