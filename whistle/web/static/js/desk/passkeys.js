/**
 * Passkeys in this browser: one touch gives an answer for the server and 32 bytes for the Worker
 * (WebAuthn with the PRF extension, protocol section 6). What the authenticator says of its
 * extensions stays here: no object of the browser's is ever sent as it is, only named fields.
 */

import { b64u, fromB64u } from "../sealing/base64.js";

const NO_EVALUATION = ["UnknownError", "NotSupportedError"]; // an authenticator that takes no input yet

export class PasskeyError extends Error {
  constructor(reason) {
    super(`PasskeyError: ${reason}`);
    this.name = "PasskeyError";
    this.reason = reason;
  }
}

/** Whether this page's address and this browser can have passkeys. */
export const possible = (desk) =>
  desk.root.dataset.passkeys === "yes" && globalThis.PublicKeyCredential !== undefined;

const REASONS = { InvalidStateError: "already", NotAllowedError: "cancelled", AbortError: "cancelled" };

function named(error) {
  return new PasskeyError(REASONS[error.name] ?? "failed");
}

/** The authenticator's 32 bytes, or null: it makes none, or none before it is asked again. */
function secretOf(credential) {
  const made = credential.getClientExtensionResults().prf?.results?.first;
  if (made === undefined) return null;
  return ArrayBuffer.isView(made)
    ? new Uint8Array(made.buffer, made.byteOffset, made.byteLength)
    : new Uint8Array(made);
}

const evaluated = (prf) => ({ prf: { eval: { first: fromB64u(prf) } } });

/**
 * Lets somebody touch an authenticator.
 * @param question  {challenge, host, prf} as the server gave it
 * @param only  the ids of the passkeys that will do; none: whichever knows this desk
 * @returns {answer, secret}: fields for the server, 32 bytes for the Worker
 */
export async function touch({ challenge, host, prf }, only = []) {
  const credential = await navigator.credentials
    .get({
      publicKey: {
        challenge: fromB64u(challenge),
        rpId: host,
        userVerification: "required",
        allowCredentials: only.map((id) => ({ type: "public-key", id: fromB64u(id) })),
        extensions: evaluated(prf),
      },
    })
    .catch((error) => Promise.reject(named(error)));
  const secret = secretOf(credential);
  if (secret === null) throw new PasskeyError("no-secret");
  const { clientDataJSON, authenticatorData, signature } = credential.response;
  return {
    secret,
    answer: {
      credential_id: b64u(new Uint8Array(credential.rawId)),
      client_data: b64u(new Uint8Array(clientDataJSON)),
      authenticator_data: b64u(new Uint8Array(authenticatorData)),
      signature: b64u(new Uint8Array(signature)),
    },
  };
}

/** As `touch`, for the secret alone: the answer goes nowhere. */
export async function touchAgain(host, prf, id) {
  const challenge = b64u(crypto.getRandomValues(new Uint8Array(32)));
  return (await touch({ challenge, host, prf }, [id])).secret;
}

/**
 * Lets an authenticator make a passkey.
 * @param asked  what the server prepared
 * @returns {made, secret}: fields for the server, 32 bytes for the Worker
 */
export async function make(asked) {
  const credential = await create(asked, evaluated(asked.prf))
    .catch((error) =>
      NO_EVALUATION.includes(error.name) ? create(asked, { prf: {} }) : Promise.reject(error),
    )
    .catch((error) => Promise.reject(named(error)));
  const id = b64u(new Uint8Array(credential.rawId));
  const { clientDataJSON, attestationObject } = credential.response;
  try {
    const able = credential.getClientExtensionResults().prf?.enabled;
    const now = secretOf(credential);
    if (now === null && !able) throw new PasskeyError("no-secret");
    return {
      secret: now ?? (await touchAgain(asked.host, asked.prf, id)),
      made: {
        client_data: b64u(new Uint8Array(clientDataJSON)),
        attestation: b64u(new Uint8Array(attestationObject)),
      },
      forget: () => forget(asked.host, id),
    };
  } catch (error) {
    await forget(asked.host, id);
    throw error;
  }
}

const create = (asked, extensions) =>
  navigator.credentials.create({
    publicKey: {
      challenge: fromB64u(asked.challenge),
      rp: { id: asked.host, name: asked.host },
      user: { id: fromB64u(asked.user), name: asked.person, displayName: asked.name },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: {
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
      excludeCredentials: asked.exclude.map((id) => ({ type: "public-key", id: fromB64u(id) })),
      attestation: "none",
      extensions,
    },
  });

/** Tells the authenticator that a passkey is of no use here; many cannot be told. */
async function forget(host, id) {
  const told = globalThis.PublicKeyCredential?.signalUnknownCredential?.bind(PublicKeyCredential);
  await told?.({ rpId: host, credentialId: id }).catch(() => {});
}
