// What is to be done in a case, and how marks that two people change at once are joined.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { dueTodo } from "../../whistle/web/static/js/desk/chips.js";
import { MarksFault, merged, NONE, saveMarks } from "../../whistle/web/static/js/desk/merging.js";
import { faultsOfTodo, ordered, withTodo } from "../../whistle/web/static/js/desk/todos.js";
import { ApiError } from "../../whistle/web/static/js/desk/api.js";
import { marksIn } from "../../whistle/web/static/js/sealing/marks.js";

const TODAY = "2026-11-22";
const todo = (at, changes = {}) => ({
  id: `${at}`.padStart(16, "0"),
  text: `thing ${at}`,
  who: null,
  until: null,
  done: null,
  ...changes,
});
const having = (...todos) => ({ ...NONE, todos });

describe("what is to be done", () => {
  test("is read from marks in its right form, each once", () => {
    const odd = [
      todo(1, { until: "soon", who: 5, done: { on: "2026-02-30", by: "bo" } }),
      todo(1, { text: " the newer " }),
      { ...todo(2), id: "x" },
      todo(3, { text: " " }),
      todo(4, { text: "x".repeat(201) }),
      todo(5, { until: TODAY, who: "bo", done: { on: TODAY, by: "anna" }, more: 1 }),
      null,
      "text",
    ];
    assert.deepEqual(marksIn({ todos: odd }).todos, [
      todo(1, { text: "the newer" }),
      todo(5, { until: TODAY, who: "bo", done: { on: TODAY, by: "anna" } }),
    ]);
    assert.deepEqual(marksIn({ todos: "x" }).todos, []);
    const many = Array.from({ length: 60 }, (_, at) => todo(at));
    assert.equal(marksIn({ todos: many }).todos.length, 50);
  });

  test("is added, done, done again by nobody, opened again and taken away", () => {
    const added = withTodo(having(todo(1)), { add: todo(2) });
    assert.deepEqual(added.todos, [todo(1), todo(2)]);
    assert.deepEqual(withTodo(added, { add: todo(2) }), added, "sent twice it is one");
    const by = { by: "bo", on: TODAY };
    const done = withTodo(added, { done: todo(1).id, ...by });
    assert.deepEqual(done.todos[0].done, by);
    assert.deepEqual(withTodo(done, { done: todo(1).id, by: "anna", on: TODAY }), done);
    assert.deepEqual(withTodo(done, { undone: todo(1).id }), added);
    assert.deepEqual(withTodo(added, { drop: todo(1).id }).todos, [todo(2)]);
    assert.deepEqual(withTodo(added, { done: "gone", ...by }), added);
  });

  test("makes room for itself among what was done first, and is refused where nothing was", () => {
    const open = Array.from({ length: 49 }, (_, at) => todo(at));
    const done = todo(90, { done: { by: "bo", on: "2026-11-01" } });
    const { todos } = withTodo(having(...open, done), { add: todo(91) });
    assert.deepEqual([todos.length, todos.at(-1).id], [50, todo(91).id]);
    assert.ok(!todos.some(({ id }) => id === done.id));
    const refused = () => withTodo(having(...open, todo(90)), { add: todo(91) });
    assert.throws(refused, (error) => error instanceof MarksFault && error.faults[0].code === "todo.too_many");
  });

  test("stands by its day; what is done stands last", () => {
    const [late, soon, free] = [todo(1, { until: "2026-11-20" }), todo(2, { until: TODAY }), todo(3)];
    const done = todo(4, { until: "2026-01-01", done: { by: "bo", on: TODAY } });
    assert.deepEqual(ordered([done, free, soon, late]), [late, soon, free, done]);
  });

  test("has a text that is not too long, and a day or none", () => {
    assert.deepEqual(faultsOfTodo({ text: "Ask", until: "" }), []);
    assert.equal(faultsOfTodo({ text: " ", until: "" })[0].code, "todo.empty");
    assert.equal(faultsOfTodo({ text: "x".repeat(201), until: "" })[0].code, "todo.too_long");
    assert.equal(faultsOfTodo({ text: "Ask", until: "2026-02-30" })[0].code, "todo_until.wrong");
  });

  test("is a chip in the list from its day on, one's own first", () => {
    const at = (until, who = null) => ({ until, who });
    assert.equal(dueTodo([at("2026-11-23")], TODAY, "anna"), null);
    assert.deepEqual(dueTodo([at(TODAY)], TODAY, "anna"), { look: "soon", code: "chip.todo.any.today", n: 0 });
    const mixed = [at("2026-11-01", "bo"), at("2026-11-20", "anna"), at("2026-12-01", "anna")];
    assert.deepEqual(dueTodo(mixed, TODAY, "anna"), { look: "late", code: "chip.todo.mine.late", n: 2 });
    assert.deepEqual(dueTodo(mixed, TODAY, "cia"), { look: "late", code: "chip.todo.any.late", n: 21 });
  });
});

describe("marks that two people change at once", () => {
  const base = { ...NONE, title: "A", assignee: "anna", labels: ["x", "y"], linked: ["1"], todos: [todo(1)] };

  test("are joined: what each has changed, added and taken away is done", () => {
    const mine = { ...base, title: "B", labels: ["x", "z"], linked: [] };
    const newest = { ...base, assignee: "bo", labels: ["y", "x", "w"], linked: ["1", "2"], todos: [] };
    const { marks, clashes } = merged(base, mine, newest);
    assert.deepEqual(clashes, []);
    assert.deepEqual(marks, {
      title: "B",
      assignee: "bo",
      labels: ["x", "w", "z"],
      linked: ["2"],
      todos: [],
    });
  });

  test("are told where both have written something else in one field", () => {
    const { clashes } = merged(base, { ...base, title: "B", assignee: null }, { ...base, title: "C" });
    assert.deepEqual(clashes, ["title"]);
    const alike = merged(base, { ...base, title: "B" }, { ...base, title: "B" });
    assert.deepEqual(alike.clashes, []);
  });

  /** A desk and a server that has one place for the next entry. */
  function house({ slow = 0, lost = 0 } = {}) {
    const server = { marks: [having(todo(1))], posted: [] };
    const place = {
      seen: 1,
      current: () => ({
        one: { id: "c" },
        opened: { needs_desk: false, marks: server.marks[place.seen - 1] },
      }),
      reload: async () => (place.seen = server.marks.length),
    };
    const desk = {
      unanswered: new Map(),
      sealing: { ask: async (_, { body }) => ({ seq: place.seen, body }) },
      api: {
        async append(_, { seq, body }) {
          if (slow > 0) {
            slow -= 1;
            server.marks.push(withTodo(server.marks.at(-1), { add: todo(10 + slow) })); // a colleague
          }
          const again = server.posted.find(([at, one]) => at === seq && one === body);
          if (!again && seq !== server.marks.length) throw new ApiError(409, "out_of_turn");
          if (!again) {
            server.marks.push(body);
            server.posted.push([seq, body]);
          }
          if (lost > 0) {
            lost -= 1;
            throw new ApiError(0, "offline");
          }
        },
      },
    };
    return { server, place, desk };
  }
  const add = (one) => (marks) => withTodo(marks, { add: one });

  test("are saved anew when a colleague was faster, and hold both", async () => {
    const { server, place, desk } = house({ slow: 2 });
    assert.equal(await saveMarks(desk, place, "k", add(todo(2))), "sent_after_news");
    const ids = server.marks.at(-1).todos.map(({ text }) => text);
    assert.deepEqual(ids, ["thing 1", "thing 11", "thing 10", "thing 2"]);
  });

  test("are given up, and nothing is sent, when colleagues are faster every time", async () => {
    const { server, place, desk } = house({ slow: 9 });
    assert.equal(await saveMarks(desk, place, "k", add(todo(2))), "news");
    assert.ok(!server.marks.at(-1).todos.some(({ id }) => id === todo(2).id));
  });

  test("stand once when the answer was lost", async () => {
    const { server, place, desk } = house({ lost: 1 });
    const save = () => saveMarks(desk, place, "k", add(todo(2)));
    await assert.rejects(save, (error) => error.status === 0);
    server.marks.push(withTodo(server.marks.at(-1), { add: todo(3) })); // a colleague, meanwhile
    assert.equal(await save(), "sent");
    const texts = server.marks.at(-1).todos.map(({ text }) => text);
    assert.deepEqual(texts, ["thing 1", "thing 2", "thing 3"]);
  });

  test("of another case that is open by now are not sent", async () => {
    const { server, place, desk } = house();
    desk.sealing.ask = () => assert.fail("sealed");
    const first = place.current();
    let asked = 0;
    place.current = () => (asked++ < 2 ? first : { ...first, one: { id: "other" } });
    await assert.rejects(() => saveMarks(desk, place, "k", add(todo(2))), MarksFault);
    assert.equal(server.marks.length, 1);
  });
});
