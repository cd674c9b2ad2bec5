/** What the roles that the server names open here. */

const DESK = ["handler", "deputy", "investigator"];

/** Whether somebody has a place at the desk; who has not may see their own keys here, no more. */
export const atDesk = (who) => who.roles.some((role) => DESK.includes(role));
