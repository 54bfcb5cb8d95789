// Makes quicker what works without it. Pages say what they want by data-* attributes:
//   data-key="g r"   a key, or two in a row, that presses or enters this
//   data-list        a list walked with j and k; its [data-row]s hold [data-open] links and a checkbox named item
//   data-count       says how many rows are selected
//   data-detail      stands beside such a list: rows open there where there is room, and its keys are about the row
//                    where the person is, so they wait until that one is open
//   data-opens="id"  opens that <dialog>; a link where there is no script. data-closes closes the one around it
//   data-narrows="id" leaves in that <select> what has the words typed here
//   data-dismiss     takes away the toast around it
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
  const rows = () => all("[data-list] [data-row]").filter(shown);
  const rowOf = (element) => element?.closest?.("[data-row]");
  const handle = (row) => row.querySelector("[data-open]") ?? row.querySelector("a, button, input");

  function focusRow(row) {
    if (!row) return;
    handle(row)?.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  // Where the person is in the list: the row with the focus, else the one that is open beside it.
  function at(list = rows()) {
    const focused = list.indexOf(rowOf(document.activeElement));
    return focused >= 0 ? focused : list.findIndex((row) => row.matches(".here"));
  }

  function step(by) {
    const list = rows();
    if (!list.length) return false;
    const from = at(list);
    const row = list[Math.min(list.length - 1, Math.max(0, from < 0 ? 0 : from + by))];
    focusRow(row);
    beside(row);
    return true;
  }

  // A row opens beside the list. One is fetched at a time; who walks on meanwhile gets the row where they stop.
  const detail = () => all("[data-detail]").find(shown);
  let wanted = null;
  let busy = 0;
  let held = "";

  function beside(row) {
    if (!detail() || !row.querySelector("a[data-open]")) return false;
    for (const other of rows()) {
      other.classList.toggle("here", other === row);
      other.querySelector("[data-open]").toggleAttribute("aria-current", other === row);
    }
    const idle = !wanted;
    wanted = row;
    if (idle) fetchWanted();
    return true;
  }

  async function fetchWanted() {
    while (wanted?.isConnected && detail()) {
      const row = wanted;
      const url = row.querySelector("a[data-open]").href;
      try {
        const target = "#" + detail().id;
        await htmx.ajax("GET", url, { target, headers: { "HX-Target": target } });
      } catch {
        location.assign(url);
      }
      if (wanted === row) break;
    }
    wanted = null;
    release();
  }

  // A key about the detail waits while that is under way; of several the last counts.
  function release() {
    if (wanted || busy || !held) return;
    const keys = held;
    held = "";
    press(keyed(keys));
  }

  document.addEventListener("htmx:before:request", () => (busy += 1));
  document.addEventListener("htmx:finally:request", () => {
    busy = Math.max(0, busy - 1);
    setTimeout(release);
  });

  // Selection: a range goes from the row chosen last.
  let anchor = null;
  const boxOf = (row) => row?.querySelector('input[type="checkbox"][name="item"]');

  function choose(row, range) {
    const list = rows();
    const box = boxOf(row);
    if (!box || box.disabled) return false;
    box.checked = !box.checked;
    spread(list, row, box.checked, range);
    return true;
  }

  function spread(list, row, value, range) {
    const [from, to] = [list.indexOf(anchor), list.indexOf(row)].sort((a, b) => a - b);
    if (range && from >= 0) for (const between of list.slice(from, to + 1)) boxOf(between).checked = value;
    anchor = row;
    count();
  }

  function count() {
    const chosen = all('[data-list] input[name="item"]:checked').length;
    for (const element of all("[data-count]")) element.textContent = String(chosen);
    for (const box of all("[data-all]")) {
      const boxes = all('[data-list] input[name="item"]').length;
      box.checked = chosen > 0 && chosen === boxes;
      box.indeterminate = chosen > 0 && chosen < boxes;
    }
  }

  function clear() {
    const chosen = all('[data-list] input[name="item"]:checked:enabled');
    for (const box of chosen) box.checked = false;
    count();
    return chosen.length > 0;
  }

  // Keys. The first of two waits a moment for the second.
  let first = "";
  let timer = 0;
  const OWN = {
    j: () => step(1),
    k: () => step(-1),
    x: () => choose(rows()[at()], false),
    X: () => choose(rows()[at()], true),
    o: () => press(rows()[at()]?.querySelector("[data-open]")),
    "?": () => document.getElementById("keys-help")?.togglePopover() ?? true,
    Escape: () => clear() || press(document.querySelector("[data-back]")),
  };

  function press(element) {
    if (!element || element.disabled) return false;
    if (element.matches("input, select, textarea") && !element.matches("[type=checkbox], [type=radio]")) {
      element.focus();
      element.select?.();
    } else element.click();
    return true;
  }

  function keyed(keys) {
    const there = all("[data-key]").filter((element) => element.dataset.key === keys);
    return there.find(shown) ?? there.find((element) => element.matches("a"));
  }

  function typing(target) {
    return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    const off = document.body.dataset.keys === "off" && event.key !== "Escape";
    if (off || typing(event.target) || document.querySelector("dialog[open], :popover-open")) return;
    if (held && (event.key === "Enter" || event.key === " ")) return event.preventDefault();
    const keys = first ? `${first} ${event.key}` : event.key;
    const begins = !first && all("[data-key]").some((element) => element.dataset.key.startsWith(`${event.key} `));
    clearTimeout(timer);
    first = begins ? event.key : "";
    if (begins) timer = setTimeout(() => (first = ""), 1200);
    const pressed = keyed(keys);
    const about = pressed?.closest("[data-detail]");
    const row = about && rows()[at()];
    const other = row && row.id !== `flag-${about.dataset.detail}`;
    if ((wanted || busy || other) && pressed?.closest("[data-detail], .toast")) {
      held = keys;
      if (other && !wanted && !busy) beside(row);
      event.preventDefault();
    } else if (begins || (Object.hasOwn(OWN, keys) && OWN[keys]()) || press(pressed)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector("input:checked")?.focus();
    }
    event.target.closest("[data-closes]")?.closest("dialog")?.close();
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    const opened = plain && event.target.closest("[data-list] a[data-open]");
    if (opened && !event.defaultPrevented && beside(rowOf(opened))) {
      event.preventDefault();
      opened.focus();
    }
    event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
    const box = event.target.closest?.('[data-list] input[name="item"]');
    if (box) spread(rows(), rowOf(box), box.checked, event.shiftKey);
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-all]")) return;
    for (const box of all('[data-list] input[name="item"]')) box.checked = event.target.checked;
    count();
  });

  // A form in a dialog takes the dialog with it: what it changes lies below.
  document.addEventListener("submit", (event) => event.target.closest("dialog")?.close());

  document.addEventListener("input", (event) => {
    const list = document.getElementById(event.target.dataset?.narrows);
    if (!list) return;
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const option of list.options) {
      option.hidden = option.disabled = !words.every((word) => option.text.toLowerCase().includes(word));
    }
    const first = [...list.options].find((option) => !option.hidden);
    list.value = first ? first.value : "";
  });

  document.addEventListener("keydown", (event) => {
    const list = document.getElementById(event.target.dataset?.narrows);
    if (!list || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const left = [...list.options].filter((option) => !option.hidden);
    const at = left.findIndex((option) => option.selected) + (event.key === "ArrowDown" ? 1 : -1);
    if (left.length) list.value = left[Math.min(left.length - 1, Math.max(0, at))].value;
    event.preventDefault();
  });

  // When the row that had the focus is gone, the focus goes to the one that took its place; and when another row was
  // opened, out of its detail: what has the focus there now is a verb that nobody chose.
  let place = -1;
  let about = "";
  let chosen = new Set();
  document.addEventListener("htmx:before:swap", () => {
    place = at();
    about = detail()?.dataset.detail;
    anchor = null;
    chosen = new Set(all('[data-list] input[name="item"]:checked').map((box) => box.value));
  });
  document.addEventListener("htmx:finally:swap", () => {
    for (const box of all('[data-list] input[name="item"]')) box.checked ||= chosen.has(box.value);
    for (const form of all("[data-detail] dialog:not([open]) form")) form.reset(); // what was said was about another
    count();
    if (wanted || document.querySelector("dialog[open]")) return;
    const list = rows();
    const open = detail() && list.find((row) => row.matches(".here"));
    const other = detail()?.dataset.detail !== about && document.activeElement?.closest("[data-detail]");
    const lost = !document.activeElement || document.activeElement === document.body || other;
    if (open && (lost || rowOf(document.activeElement))) return focusRow(open);
    if (!lost) return;
    if (list.length) focusRow(list[Math.min(list.length - 1, Math.max(0, place))]);
    else document.getElementById("content")?.focus();
  });

  // A page that comes back from the browser's memory shows the boxes it had.
  addEventListener("pageshow", count);
})();
