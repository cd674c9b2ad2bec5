/**
 * After 30 minutes without a sign of life the keys are dropped; 5 minutes before, a warning with
 * one button. Time and timers are given.
 */

export const END_AFTER = 30 * 60_000; // ms
export const WARN_AFTER = 25 * 60_000; // ms

/** Returns `{worked, stop}`. After a sleep of the machine it is too late, whatever timers say. */
export function watchIdle({ now, timers, warn, calm, end }) {
  let last = now();
  let warned = false;
  let timer = null;

  function stop() {
    if (timer !== null) timers.clear(timer);
    timer = null;
  }

  function check() {
    const idle = now() - last;
    if (idle >= END_AFTER) {
      stop();
      end();
      return;
    }
    if (idle >= WARN_AFTER && !warned) {
      warned = true;
      warn();
    }
    timer = timers.set(check, (warned ? END_AFTER : WARN_AFTER) - idle);
  }

  function worked() {
    if (timer === null) return;
    stop();
    if (now() - last < END_AFTER) {
      last = now();
      if (warned) calm();
      warned = false;
    }
    check();
  }

  check();
  return { worked, stop };
}
