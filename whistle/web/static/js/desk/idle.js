/**
 * When nobody works, the desk warns and then locks. Pure: time and timers are given.
 *
 * The server ends a session 15 minutes after the last request that it noted, and notes one a
 * minute at most. So after each sign of work one request follows a good minute later: then the
 * server never ends a session before this page would lock.
 */

export const LOCK_AFTER = 15 * 60_000; // ms without a sign of work
export const WARN_BEFORE = 60_000; // ms before the lock
export const PING_AFTER = 61_000; // ms after a sign of work

/**
 * @param now  returns milliseconds
 * @param timers  {set(callback, ms) -> id, clear(id)}
 * @param onWarn, onBack, onLock, onPing  what to do; onBack when somebody works after the warning
 */
export function watchIdle({ now, timers, onWarn, onBack, onLock, onPing }) {
  let last = now();
  let warned = false;
  let timer = null;
  let ping = null;

  function check() {
    const idle = now() - last;
    if (idle >= LOCK_AFTER) {
      stop();
      onLock();
      return;
    }
    if (idle >= LOCK_AFTER - WARN_BEFORE && !warned) {
      warned = true;
      onWarn();
    }
    timer = timers.set(check, (warned ? LOCK_AFTER : LOCK_AFTER - WARN_BEFORE) - idle);
  }

  function sendPing() {
    ping = now() - last < PING_AFTER ? timers.set(sendPing, PING_AFTER) : null;
    onPing();
  }

  /**
   * Somebody works. After a sleep of the machine it is too late, whatever the timers say. Once it
   * has warned, a mere move of the pointer does not count: the warning would vanish from under it.
   */
  function worked({ moved = false } = {}) {
    if (timer === null || (moved && warned)) return;
    timers.clear(timer);
    if (now() - last < LOCK_AFTER) {
      last = now();
      if (warned) onBack();
      warned = false;
      ping ??= timers.set(sendPing, PING_AFTER);
    }
    check();
  }

  function stop() {
    if (timer !== null) timers.clear(timer);
    if (ping !== null) timers.clear(ping);
    timer = ping = null;
  }

  check();
  return { worked, stop };
}
