/** Made by analyzers/report/build/assets.mjs from analyzers/report/client/; do not edit. */

/** The script of the page. */
export const SCRIPT = `"use strict";
(() => {
  var browser = globalThis;
  function make(name, { className, text, title, attributes, children, onClick } = {}) {
    const element = browser.document.createElement(name);
    if (className !== void 0) element.className = className;
    if (text !== void 0) element.textContent = text;
    if (title !== void 0) element.setAttribute("title", title);
    for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
    if (children !== void 0) element.append(...children);
    if (onClick !== void 0) element.addEventListener("click", onClick);
    return element;
  }
  function existing(id) {
    const element = browser.document.getElementById(id);
    if (element === null) throw new Error(\`the page has no element \${id}\`);
    return element;
  }

  var Findings = class _Findings {
    constructor(data) {
      this.data = data;
      this.byId = new Map(data.columns.map((column) => [column.id, column]));
      this.facets = data.columns.filter((column) => column.kind === "words").filter(({ facet }) => facet !== null);
    }
    data;
    facets;
    byId;
    lowered = /* @__PURE__ */ new Map();
    orders = /* @__PURE__ */ new Map();
    column(id) {
      return this.byId.get(id) ?? null;
    }
    text(id, row) {
      const column = this.byId.get(id);
      if (column === void 0) return "";
      return column.kind === "words" ? column.words[column.at[row]] : column.texts[row];
    }
    /** The row with this fingerprint; -1 when there is none. */
    find(fingerprint) {
      const column = this.byId.get("fingerprint");
      return column?.kind === "texts" ? column.texts.indexOf(fingerprint) : -1;
    }
    /** Values of a facet that a word of the column has. */
    static valuesOf(column, word) {
      return column.facet.of === null ? [word] : column.facet.of[word];
    }
    answer({ text, chosen }) {
      const { rows } = this.data;
      const misses = new Uint8Array(rows);
      const missed = new Uint8Array(rows);
      const found = this.matchText(text);
      for (const [index, column] of this.facets.entries()) {
        const values = chosen.get(column.id);
        if (values === void 0 || values.size === 0) continue;
        const passes = this.passing(column, values);
        const { at } = column;
        for (let row = 0; row < rows; row += 1) {
          if (passes[at[row]] === 1) continue;
          misses[row] += 1;
          missed[row] = index;
        }
      }
      return this.tally(found, misses, missed);
    }
    /** All rows in the order of a column; ties keep the order of the report. */
    order(id) {
      const key = id ?? "";
      let order = this.orders.get(key);
      if (order === void 0) {
        order = this.sorted(id === null ? null : this.column(id));
        this.orders.set(key, order);
      }
      return order;
    }
    passing(column, values) {
      const chosen = column.facet.values.map((value) => values.has(value));
      return Uint8Array.from(
        column.words,
        (_, word) => _Findings.valuesOf(column, word).some((value) => chosen[value]) ? 1 : 0
      );
    }
    tally(found, misses, missed) {
      const { rows } = this.data;
      const fits = new Uint8Array(rows);
      let count = 0;
      const byWord = this.facets.map(({ words }) => new Uint32Array(words.length));
      for (let row = 0; row < rows; row += 1) {
        if (found !== null && found[row] === 0) continue;
        if (misses[row] === 0) {
          fits[row] = 1;
          count += 1;
          for (let facet = 0; facet < byWord.length; facet += 1) byWord[facet][this.facets[facet].at[row]] += 1;
        } else if (misses[row] === 1) {
          const facet = missed[row];
          byWord[facet][this.facets[facet].at[row]] += 1;
        }
      }
      const counts = new Map(
        this.facets.map((column, facet) => {
          const values = new Uint32Array(column.facet.values.length);
          for (const [word, number] of byWord[facet].entries()) {
            for (const value of _Findings.valuesOf(column, word)) values[value] += number;
          }
          return [column.id, values];
        })
      );
      return { fits, count, counts };
    }
    /** Rows in which every word of the text stands somewhere; \`null\` when all do. */
    matchText(text) {
      const parts = text.toLowerCase().split(/\\s+/).filter((part) => part !== "");
      if (parts.length === 0) return null;
      const { rows } = this.data;
      const all = new Uint8Array(rows).fill(1);
      for (const part of parts) {
        const some = new Uint8Array(rows);
        for (const column of this.data.columns) this.markMatches(column, part, some);
        for (let row = 0; row < rows; row += 1) all[row] &= some[row];
      }
      return all;
    }
    markMatches(column, part, some) {
      const texts = this.lower(column);
      const { rows } = this.data;
      if (column.kind === "texts") {
        for (let row = 0; row < rows; row += 1) if (some[row] === 0 && texts[row].includes(part)) some[row] = 1;
        return;
      }
      const has = Uint8Array.from(texts, (text) => text.includes(part) ? 1 : 0);
      if (!has.includes(1)) return;
      for (let row = 0; row < rows; row += 1) some[row] |= has[column.at[row]];
    }
    lower(column) {
      let texts = this.lowered.get(column.id);
      if (texts === void 0) {
        texts = (column.kind === "words" ? column.words : column.texts).map((text) => text.toLowerCase());
        this.lowered.set(column.id, texts);
      }
      return texts;
    }
    sorted(column) {
      const { rows } = this.data;
      const order = Uint32Array.from({ length: rows }, (_, row) => row);
      if (column === null) return order;
      if (column.kind === "texts") {
        const { texts } = column;
        return order.sort((a, b) => texts[a] < texts[b] ? -1 : texts[a] > texts[b] ? 1 : a - b);
      }
      const keys = Float64Array.from(order, (row) => column.at[row] * rows + row).sort();
      return Uint32Array.from(keys, (key) => key % rows);
    }
  };

  var FORMULA = /^[\\s\\u00a0\\u3000]*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]/u;
  function csvRow(cells) {
    return \`\${cells.map(csvCell).join(",")}\\r
\`;
  }
  function csvCell(text) {
    const safe = FORMULA.test(text) ? \`'\${text}\` : text;
    return /[",\\r\\n]/.test(safe) || safe !== safe.trim() || safe !== text ? \`"\${safe.replaceAll('"', '""')}"\` : safe;
  }

  function findingText(findings, row) {
    const text = (id) => findings.text(id, row);
    const help = text("help");
    const details = findings.data.details.flatMap((id) => {
      const label = findings.column(id)?.label;
      return label === void 0 || text(id) === "" ? [] : [\`\${label}: \${text(id)}\`];
    });
    return [
      \`\${text("severity").toUpperCase()} \${text("title")}\`,
      text("message"),
      ...help === "" ? [] : ["", "How to mend it:", help],
      "",
      ...details,
      ""
    ].join("\\n");
  }
  async function copy(text) {
    const { clipboard } = browser.navigator;
    if (clipboard !== void 0) {
      try {
        await clipboard.writeText(text);
        return true;
      } catch {
      }
    }
    const field = make("textarea", { className: "copied", attributes: { readonly: "", "aria-hidden": "true" } });
    field.value = text;
    const before = browser.document.activeElement;
    browser.document.body.append(field);
    field.select();
    const isDone = browser.document.execCommand("copy");
    field.remove();
    before?.focus({ preventScroll: true });
    return isDone;
  }
  function listText({ data }, rows) {
    const { columns } = data;
    const parts = [csvRow(columns.map(({ id }) => id))];
    for (const row of rows) {
      parts.push(
        csvRow(columns.map((column) => column.kind === "words" ? column.words[column.at[row]] : column.texts[row]))
      );
    }
    return parts;
  }
  var BYTE_ORDER_MARK = "\\uFEFF";
  var kept = "";
  function save(parts, name) {
    if (kept !== "") browser.URL.revokeObjectURL(kept);
    kept = browser.URL.createObjectURL(new browser.Blob([BYTE_ORDER_MARK, ...parts], { type: "text/csv;charset=utf-8" }));
    const link = make("a");
    link.href = kept;
    link.download = name;
    link.click();
  }

  var LOOKS = {
    severity: { error: "severity-error", warning: "severity-warning", info: "severity-info" },
    reach: { reachable: "reach-reachable", blocked: "reach-blocked", "cannot tell": "reach-open" },
    state: { archived: "tag", waived: "tag", "not evaluated": "tag verdict-not_evaluated" },
    change: { new: "tag tag-new" }
  };
  function badge(column, word) {
    const look = LOOKS[column]?.[word];
    return look === void 0 ? word : make("span", { className: \`badge \${look}\`, text: word });
  }
  function isPlain(column, word) {
    return word === "" || column === "state" && word === "open";
  }
  function sentence(text) {
    const parts = text.split("\`");
    if (parts.length % 2 === 0) return [text];
    return parts.map((part, index) => index % 2 === 1 ? make("code", { text: part }) : part);
  }
  function shown(word) {
    return word === "" ? "none" : word;
  }
  function grouped(value) {
    return String(value).replace(/\\B(?=(\\d{3})+$)/g, ",");
  }

  var Detail = class {
    /** The bar stays while findings change, so that a button that was pressed keeps the focus. */
    constructor(findings, events) {
      this.findings = findings;
      this.events = events;
      const copyButton = make("button", {
        className: "pick",
        text: "Copy",
        title: "Copy the finding as text",
        attributes: { type: "button" },
        onClick: () => void this.copy()
      });
      const bar = make("div", {
        className: "bar",
        children: [
          this.button("Previous finding", "\\u2191", () => {
            this.events.step(-1);
          }),
          this.button("Next finding", "\\u2193", () => {
            this.events.step(1);
          }),
          this.place,
          this.copied,
          copyButton,
          this.button("Close", "\\u2715", () => {
            this.events.close();
          })
        ]
      });
      this.panel.replaceChildren(bar, this.body);
    }
    findings;
    events;
    panel = existing("detail");
    place = make("span", { className: "place", attributes: { role: "status" } });
    copied = make("span", { className: "told", attributes: { role: "status" } });
    body = make("div", {
      className: "body",
      attributes: { tabindex: "0", role: "group", "aria-label": "Finding" }
    });
    row = -1;
    get isOpen() {
      return !this.panel.hidden;
    }
    close() {
      this.panel.hidden = true;
      this.row = -1;
      this.body.replaceChildren();
    }
    /** @param position - From 1 on; 0 when the finding is not in the list. */
    open(row, position, count) {
      const text = (id) => this.findings.text(id, row);
      if (row !== this.row) this.copied.textContent = "";
      this.row = row;
      this.place.textContent = position === 0 ? "not in the list" : \`\${grouped(position)} of \${grouped(count)}\`;
      const help = text("help");
      this.body.replaceChildren(
        make("p", {
          className: "badges",
          children: ["severity", "reach", "change", "state"].map((id) => badge(id, text(id))).filter((part) => typeof part !== "string")
        }),
        make("h2", { text: text("title") }),
        make("p", { className: "prose", children: sentence(text("message")) }),
        ...help === "" ? [] : [make("h3", { text: "How to mend it" }), make("pre", { className: "prose", text: help })],
        make("dl", { children: this.findings.data.details.flatMap((id) => this.entry(id, row)) })
      );
      this.panel.hidden = false;
    }
    async copy() {
      const isDone = await copy(findingText(this.findings, this.row));
      this.copied.textContent = isDone ? "copied" : "the browser does not let it";
    }
    focus() {
      this.panel.focus({ preventScroll: true });
    }
    entry(id, row) {
      const column = this.findings.column(id);
      const word = this.findings.text(id, row);
      if (column === null || word === "") return [];
      const values = column.kind === "words" && column.facet !== null ? facetValues(column.facet.of?.[column.at[row]] ?? [column.at[row]], column.facet.depths !== null).map(
        (index) => this.choice(id, column.facet.values[index])
      ) : [make("span", { className: column.kind === "texts" ? "mono" : "", text: word })];
      return [make("div", { children: [make("dt", { text: column.label }), make("dd", { children: values })] })];
    }
    choice(id, value) {
      return make("button", {
        className: "choice",
        text: shown(value),
        title: "List the findings with this value",
        attributes: { type: "button" },
        onClick: () => {
          this.events.choose(id, value);
        }
      });
    }
    button(label, sign, onClick) {
      return make("button", {
        className: "icon",
        text: sign,
        title: label,
        attributes: { type: "button", "aria-label": label },
        onClick
      });
    }
  };
  function facetValues(values, isPath) {
    return isPath ? values.slice(-1) : values;
  }

  var LISTED = 60;
  var WITH_FIELD = 9;
  var FacetGroup = class {
    constructor(column, onChange) {
      this.column = column;
      this.onChange = onChange;
      const { label, id } = column;
      this.list = make("ul", { attributes: { "aria-label": label } });
      this.reset = make("button", {
        className: "reset",
        text: "reset",
        attributes: { type: "button", "aria-label": \`Reset \${label}\` },
        onClick: (event) => {
          event.preventDefault();
          this.onChange(id, null);
          this.element.querySelector("summary")?.focus();
        }
      });
      this.element = make("details", {
        className: "facet",
        attributes: { "data-facet": id },
        children: [
          make("summary", { children: [label, this.reset] }),
          ...column.facet.values.length > WITH_FIELD ? [this.field()] : [],
          this.list,
          this.note
        ]
      });
      this.element.open = column.facet.values.length <= WITH_FIELD || column.facet.depths !== null;
    }
    column;
    onChange;
    element;
    list;
    note = make("p", { className: "note" });
    reset;
    sought = "";
    drawn = null;
    /** Shows counts and choices. */
    show(counts, chosen, isInitial) {
      this.drawn = () => {
        this.draw(counts, chosen);
      };
      this.reset.hidden = isInitial;
      if (!isInitial) this.element.open = true;
      this.drawn();
    }
    draw(counts, chosen) {
      const { values, labels, depths } = this.column.facet;
      const sought = this.sought.toLowerCase();
      const fits = values.map((_, index) => index).filter(
        (index) => (counts[index] > 0 || chosen.has(values[index])) && values[index].toLowerCase().includes(sought)
      );
      if (depths === null && values.length > WITH_FIELD) {
        const isChosen = (index) => chosen.has(values[index]) ? 1 : 0;
        fits.sort((a, b) => isChosen(b) - isChosen(a) || counts[b] - counts[a] || a - b);
      }
      const listed = fits.slice(0, LISTED);
      const focused = this.focusedValue();
      this.list.replaceChildren(
        ...listed.map(
          (index) => this.entry(values[index], labels?.[index] ?? values[index], depths?.[index] ?? 0, counts[index], chosen)
        )
      );
      if (focused !== void 0) this.boxOf(focused)?.focus({ preventScroll: true });
      const rest = fits.length - listed.length;
      this.note.hidden = rest === 0 && fits.length > 0;
      this.note.textContent = fits.length === 0 ? "no value fits" : \`and \${grouped(rest)} more\`;
    }
    /** The value whose box has the focus. */
    focusedValue() {
      const { activeElement } = browser.document;
      return activeElement?.closest(".facet") === this.element ? activeElement.dataset["value"] : void 0;
    }
    boxOf(value) {
      return [...this.list.querySelectorAll("input")].find(({ dataset }) => dataset["value"] === value);
    }
    entry(value, label, depth, count, chosen) {
      const box = make("input", { attributes: { type: "checkbox" } });
      box.checked = chosen.has(value);
      box.dataset["value"] = value;
      box.addEventListener("change", () => {
        const next = new Set(chosen);
        if (box.checked) next.add(value);
        else next.delete(value);
        this.onChange(this.column.id, next);
      });
      const name = make("span", { className: "name", text: shown(label), title: shown(value) });
      const number = make("span", { className: "count", text: grouped(count) });
      return make("li", {
        className: \`level-\${Math.min(depth, 6)}\`,
        children: [make("label", { children: [box, name, number] })]
      });
    }
    field() {
      const field = make("input", {
        attributes: { type: "search", placeholder: "Find\\u2026", "aria-label": \`Find in \${this.column.label}\` }
      });
      field.addEventListener("input", () => {
        this.sought = field.value;
        this.drawn?.();
      });
      return field;
    }
  };

  var ALL = "*";
  function readState(hash, views, facets) {
    const params = new URLSearchParams(hash.replace(/^#/, ""));
    const chosen = /* @__PURE__ */ new Map();
    for (const { id } of facets) {
      const values = params.getAll(id);
      if (values.length > 0) chosen.set(id, new Set(values.filter((value) => value !== ALL)));
    }
    const view = params.get("view") ?? "";
    const groups = new Map(
      ["verdict", "status"].flatMap((name) => params.has(name) ? [[name, params.get(name)]] : [])
    );
    return {
      view: views.includes(view) ? view : views[0],
      text: params.get("q") ?? "",
      chosen,
      sort: params.get("sort"),
      isDescending: params.get("dir") === "desc",
      finding: params.get("finding"),
      groups
    };
  }
  function writeState({ view, text, chosen, sort, isDescending, finding, groups }) {
    const params = new URLSearchParams({ view });
    if (text !== "") params.set("q", text);
    for (const [id, values] of [...chosen].sort(([a], [b]) => a < b ? -1 : 1)) {
      for (const value of values.size === 0 ? [ALL] : [...values].sort()) params.append(id, value);
    }
    if (sort !== null) params.set("sort", sort);
    if (isDescending) params.set("dir", "desc");
    if (finding !== null) params.set("finding", finding);
    for (const [name, value] of groups) params.set(name, value);
    return \`#\${params.toString()}\`;
  }
  function chosenOf({ facet, id }, state) {
    return state.chosen.get(id) ?? new Set(facet.initial.map((index) => facet.values[index]));
  }

  var SPARE = 12;
  var MOST_ROWS = 15e4;
  var PRINTED = 1e3;
  var FindingsTable = class {
    constructor(findings, events) {
      this.findings = findings;
      this.events = events;
      const head = findings.data.cells.map(
        ({ lines, style }) => make("th", {
          className: \`cell-\${style}\`,
          attributes: { scope: "col" },
          children: lines.map((id) => this.heading(id))
        })
      );
      this.element = make("table", {
        className: "findings",
        attributes: { "aria-label": "Findings" },
        children: [make("thead", { children: [make("tr", { children: head })] }), this.body]
      });
      this.body.addEventListener("click", (event) => {
        const line = event.target.closest("tr");
        const row = line?.dataset["row"];
        if (row === void 0) return;
        if (event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        this.events.open(Number(row));
      });
    }
    findings;
    events;
    element;
    body = make("tbody");
    above = spacer();
    below = spacer();
    headings = /* @__PURE__ */ new Map();
    rows = new Uint32Array(0);
    first = -1;
    last = -1;
    selected = -1;
    /** Shows these rows. */
    show(rows, sort, isDescending) {
      this.rows = rows;
      this.element.setAttribute("aria-rowcount", String(rows.length + 1));
      for (const [id, heading] of this.headings) {
        heading.classList.toggle("is-sorted", id === sort);
        heading.classList.toggle("is-descending", id === sort && isDescending);
        heading.setAttribute("aria-pressed", String(id === sort));
      }
      const { cells } = this.findings.data;
      for (const [index, cell] of [...this.element.querySelectorAll("thead th")].entries()) {
        markSorted(cell, sort !== null && cells[index].lines.includes(sort) ? isDescending : null);
      }
      this.first = -1;
      this.draw();
    }
    /** The rows of the list in their order. */
    get listed() {
      return this.rows;
    }
    /** Marks the finding that is open; -1 for none. */
    select(row) {
      this.selected = row;
      this.first = -1;
      this.draw();
    }
    /** Draws the rows in sight, unless they are there. */
    draw() {
      const height = this.rowHeight();
      const top = this.body.getBoundingClientRect().top;
      const all = Math.min(this.rows.length, MOST_ROWS);
      const first = Math.max(0, Math.min(Math.floor(-top / height) - SPARE, all - 1));
      const last = Math.min(all, Math.ceil((browser.innerHeight - top) / height) + SPARE);
      if (first === this.first && last === this.last) return;
      const focused = browser.document.activeElement?.closest("tr")?.dataset["row"];
      this.put(first, Math.max(last, first), height);
      if (focused !== void 0) this.body.querySelector(\`tr[data-row="\${focused}"] a\`)?.focus({ preventScroll: true });
    }
    /** Draws what goes to paper. @returns How many rows are left out. */
    drawForPrint() {
      const printed = Math.min(this.rows.length, PRINTED);
      this.put(0, printed, 0);
      return this.rows.length - printed;
    }
    /** The row that stands so many places behind another in the list; the nearest one at its ends, -1 in an empty list. */
    neighbour(row, distance) {
      const at = this.rows.indexOf(row);
      const next = Math.max(0, Math.min((at < 0 ? -1 : at) + distance, this.rows.length - 1));
      return this.rows[next] ?? -1;
    }
    /** Position in the list from 1 on; 0 when the row is not in it. */
    positionOf(row) {
      return this.rows.indexOf(row) + 1;
    }
    /** Brings a row into sight and gives it the focus. */
    reveal(row, isFocused) {
      const at = this.rows.indexOf(row);
      if (at < 0) return;
      const height = this.rowHeight();
      const top = this.body.getBoundingClientRect().top + at * height;
      const room = 2 * height + 60;
      if (top < room || top + height > browser.innerHeight) {
        browser.scrollTo(0, browser.scrollY + top - browser.innerHeight / 3);
      }
      this.draw();
      if (isFocused) this.body.querySelector(\`tr[data-row="\${row}"] a\`)?.focus({ preventScroll: true });
    }
    /** The row that has the focus; -1 for none. */
    focusedRow() {
      const row = browser.document.activeElement?.closest("tr")?.dataset["row"];
      return row === void 0 ? -1 : Number(row);
    }
    /** As the style gives it: other widths of the window have other heights. */
    rowHeight() {
      return browser.matchMedia("(max-width: 760px)").matches ? 98 : 46;
    }
    put(first, last, height) {
      this.first = first;
      this.last = last;
      this.above.style.height = \`\${first * height}px\`;
      this.below.style.height = \`\${Math.max(0, (Math.min(this.rows.length, MOST_ROWS) - last) * height)}px\`;
      const lines = [];
      for (let at = first; at < last; at += 1) lines.push(this.line(at));
      this.body.replaceChildren(this.above, ...lines, this.below);
    }
    line(at) {
      const row = this.rows[at];
      const cells = this.findings.data.cells.map(
        ({ lines, style }) => make("td", { className: \`cell-\${style}\`, children: lines.flatMap((id, index) => this.cellLine(id, index, row)) })
      );
      const line = make("tr", { className: row === this.selected ? "is-open" : "", children: cells });
      line.setAttribute("aria-rowindex", String(at + 2));
      line.dataset["row"] = String(row);
      return line;
    }
    cellLine(id, index, row) {
      const word = this.findings.text(id, row);
      if (isPlain(id, word) && index > 0) return this.findings.text("change", row) === "new" ? [newTag()] : [];
      const className = index === 0 ? "first" : "second";
      if (id === "resource") {
        return [make("a", { className, text: word, title: word, attributes: { href: this.events.address(row) } })];
      }
      return [make("span", { className, title: word, children: [badge(id, word)] })];
    }
    heading(id) {
      const button = make("button", {
        className: "sort",
        text: this.findings.column(id).label,
        attributes: { type: "button", "data-sort-by": id },
        onClick: () => {
          this.events.sort(id);
        }
      });
      this.headings.set(id, button);
      return button;
    }
  };
  function markSorted(cell, isDescending) {
    if (isDescending === null) cell.removeAttribute("aria-sort");
    else cell.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
  }
  function newTag() {
    return make("span", { className: "second", children: [badge("change", "new")] });
  }
  function spacer() {
    return make("tr", { className: "spacer", attributes: { "aria-hidden": "true" } });
  }

  function makeSortable() {
    for (const table of browser.document.querySelectorAll("table.static")) {
      for (const [column, button] of [...table.querySelectorAll("thead button")].entries()) {
        button.addEventListener("click", () => {
          const isDescending = button.classList.contains("is-sorted") && !button.classList.contains("is-descending");
          for (const other of table.querySelectorAll("thead button")) {
            other.classList.toggle("is-sorted", other === button);
            other.classList.toggle("is-descending", other === button && isDescending);
            markSorted(other.closest("th"), other === button ? isDescending : null);
          }
          sortRows(table.querySelector("tbody"), column, isDescending);
        });
      }
    }
  }
  function sortRows(body, column, isDescending) {
    const rows = [...body.querySelectorAll("tr")].map((row, position) => ({ row, position, key: keyOf(row, column) }));
    const direction = isDescending ? -1 : 1;
    rows.sort((a, b) => direction * compare(a.key, b.key) || a.position - b.position);
    body.replaceChildren(...rows.map(({ row }) => row));
  }
  function keyOf(row, column) {
    const cell = [...row.querySelectorAll("td")][column];
    const text = cell?.dataset["sort"] ?? cell?.textContent ?? "";
    return cell?.classList.contains("number") === true ? Number(text) : text;
  }
  function compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  var Chooser = class {
    name;
    rows;
    buttons = /* @__PURE__ */ new Map();
    constructor(place, onChoose) {
      this.name = place.dataset["chooser"];
      const table = browser.document.getElementById(place.dataset["table"]);
      this.rows = table === null ? [] : [...table.querySelectorAll("tbody tr")];
      const counts = /* @__PURE__ */ new Map();
      for (const { dataset } of this.rows) {
        const group = dataset["group"] ?? "";
        counts.set(group, (counts.get(group) ?? 0) + 1);
      }
      if (counts.size < 2) return;
      const button = (label, group, count) => make("button", {
        className: "pick",
        attributes: { type: "button" },
        children: [label, make("span", { className: "count", text: grouped(count) })],
        onClick: () => {
          onChoose(this.name, group);
        }
      });
      this.buttons.set("", button("all", null, this.rows.length));
      for (const [group, count] of counts) this.buttons.set(group, button(group, group, count));
      place.replaceChildren(...this.buttons.values());
    }
    /** Shows one group; all when there is no such group. */
    show(group) {
      const chosen = group !== void 0 && this.buttons.has(group) ? group : "";
      for (const [name, button] of this.buttons) button.setAttribute("aria-pressed", String(name === chosen));
      for (const row of this.rows) row.hidden = chosen !== "" && row.dataset["group"] !== chosen;
    }
  };
  function choosers(onChoose) {
    const places = [...existing("main").querySelectorAll(".chooser")];
    return places.map((place) => new Chooser(place, onChoose));
  }

  var KEYS_HELP = "Keys: / search \\xB7 \\u2191 \\u2193 or k j move \\xB7 Enter open \\xB7 Esc close";
  var Page = class {
    findings = new Findings(JSON.parse(existing("data").textContent));
    views = [...browser.document.querySelectorAll("section.view")];
    names = this.views.map(({ id }) => id.replace("view-", ""));
    search = make("input", {
      attributes: {
        type: "search",
        placeholder: "Search findings",
        "aria-label": "Search findings",
        autocomplete: "off"
      }
    });
    status = make("p", { className: "status", attributes: { role: "status" } });
    reset = make("button", { className: "pick", text: "Reset filters", attributes: { type: "button" } });
    csv = make("button", {
      className: "pick export",
      text: "Save as CSV",
      title: "Save the findings of the list, with all their columns",
      attributes: { type: "button" }
    });
    filtered = make("p", { className: "note only-print" });
    printed = make("p", { className: "note only-print" });
    empty = make("p", {
      className: "empty"
    });
    facets;
    choosers;
    table;
    detail;
    state;
    /** The choices that the list shows; it is made anew only when they change. */
    listed = "";
    count = 0;
    isDrawing = false;
    constructor() {
      this.state = this.read();
      this.table = new FindingsTable(this.findings, {
        open: (row) => {
          this.change({ finding: this.findings.text("fingerprint", row) }, true);
          this.detail.focus();
        },
        sort: (column) => {
          const isSame = this.state.sort === column;
          this.change({ sort: column, isDescending: isSame && !this.state.isDescending });
        },
        address: (row) => writeState({ ...this.state, finding: this.findings.text("fingerprint", row) })
      });
      this.detail = new Detail(this.findings, {
        close: () => {
          this.closeDetail();
        },
        step: (distance) => {
          this.step(distance);
        },
        choose: (column, value) => {
          this.change(
            { view: "findings", finding: null, chosen: new Map(this.state.chosen).set(column, /* @__PURE__ */ new Set([value])) },
            true
          );
          existing("main").focus({ preventScroll: true });
        }
      });
      this.facets = this.findings.facets.map(
        (column) => new FacetGroup(column, (id, values) => {
          const chosen = new Map(this.state.chosen);
          if (values === null) chosen.delete(id);
          else chosen.set(id, values);
          this.change({ chosen });
        })
      );
      this.choosers = choosers((name, group) => {
        const groups = new Map(this.state.groups);
        if (group === null) groups.delete(name);
        else groups.set(name, group);
        this.change({ groups });
      });
      this.build();
      makeSortable();
      this.listen();
      this.show();
    }
    read() {
      return readState(browser.location.hash, this.names, this.findings.facets);
    }
    build() {
      const filters = make("details", {
        className: "filters",
        children: [make("summary", { text: "Filters" }), ...this.facets.map(({ element }) => element)]
      });
      filters.open = !browser.matchMedia("(max-width: 760px)").matches;
      const bar = make("div", { className: "toolbar", children: [this.search, this.status, this.reset, this.csv] });
      const list = make("div", {
        className: "list",
        children: [bar, this.filtered, this.table.element, this.empty, this.printed]
      });
      existing("findings").replaceChildren(
        make("div", { className: "split", children: [filters, list] }),
        make("p", { className: "note keys", text: KEYS_HELP })
      );
    }
    listen() {
      const { document } = browser;
      browser.addEventListener("hashchange", () => {
        this.state = this.read();
        this.show();
      });
      const draw = () => {
        if (this.isDrawing) return;
        this.isDrawing = true;
        browser.requestAnimationFrame(() => {
          this.isDrawing = false;
          this.table.draw();
        });
      };
      browser.addEventListener("scroll", draw, { passive: true });
      browser.addEventListener("resize", draw, { passive: true });
      browser.addEventListener("beforeprint", () => {
        const rest = this.table.drawForPrint();
        this.printed.textContent = rest === 0 ? "" : \`and \${grouped(rest)} more findings that are not printed; filter the list, or use the CSV output\`;
      });
      browser.addEventListener("afterprint", () => {
        this.table.draw();
      });
      this.search.addEventListener("input", () => {
        this.change({ text: this.search.value });
      });
      this.reset.addEventListener("click", () => {
        this.change({ text: "", chosen: /* @__PURE__ */ new Map(), sort: null, isDescending: false });
        this.search.focus();
      });
      this.csv.addEventListener("click", () => {
        save(listText(this.findings, this.table.listed), "findings.csv");
      });
      document.addEventListener("keydown", (event) => {
        this.press(event);
      });
    }
    /** @param isPlace - Whether it is a place to come back to, and not one more letter of a search. */
    change(change, isPlace = false) {
      this.state = { ...this.state, ...change };
      const hash = writeState(this.state);
      if (isPlace && hash !== browser.location.hash) browser.location.hash = hash;
      else browser.history.replaceState(null, "", hash);
      this.show();
    }
    show() {
      const { view, finding, groups } = this.state;
      for (const [index, section] of this.views.entries()) {
        section.classList.toggle("is-shown", this.names[index] === view);
      }
      for (const link of browser.document.querySelectorAll("nav a")) {
        if (link.dataset["view"] === view) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      for (const chooser of this.choosers) chooser.show(groups.get(chooser.name));
      this.showList();
      const row = finding === null ? -1 : this.findings.find(finding);
      this.table.select(row);
      if (row < 0) this.detail.close();
      else this.detail.open(row, this.table.positionOf(row), this.count);
      existing("main").classList.toggle("is-beside", row >= 0);
    }
    showList() {
      const { text, sort, isDescending } = this.state;
      const wanted = writeState({ ...this.state, view: "", finding: null, groups: /* @__PURE__ */ new Map() });
      if (wanted === this.listed) return;
      this.listed = wanted;
      if (this.search.value !== text) this.search.value = text;
      const { facets, data } = this.findings;
      const chosen = new Map(facets.map((column2) => [column2.id, chosenOf(column2, this.state)]));
      const { fits, count, counts } = this.findings.answer({ text, chosen });
      const column = sort === null ? null : this.findings.column(sort)?.id ?? null;
      const rows = this.findings.order(column).filter((row) => fits[row] === 1);
      if (isDescending) rows.reverse();
      this.count = count;
      for (const { column: of, show } of this.facets.map((group) => ({
        column: group.column,
        show: group.show.bind(group)
      }))) {
        show(counts.get(of.id), chosen.get(of.id), !this.state.chosen.has(of.id));
      }
      this.table.show(rows, column, isDescending);
      this.table.element.hidden = count === 0;
      this.empty.hidden = count > 0;
      this.empty.textContent = data.rows === 0 ? "There are no findings." : "No finding fits. Reset the filters or search for less.";
      this.status.textContent = \`\${grouped(count)} of \${grouped(data.rows)} findings\`;
      this.csv.hidden = count === 0;
      this.filtered.textContent = this.filterText(chosen);
      this.reset.hidden = text === "" && this.state.chosen.size === 0 && sort === null;
    }
    /** What the list is filtered by, for paper, on which nothing else tells it. */
    filterText(chosen) {
      const parts = this.findings.facets.flatMap(({ id, label }) => {
        const values = [...chosen.get(id)].map(shown);
        return values.length === 0 ? [] : [\`\${label}: \${values.join(" or ")}\`];
      });
      if (this.state.text !== "") parts.unshift(\`Search: \${this.state.text}\`);
      const told = this.status.textContent ?? "";
      return parts.length === 0 ? told : \`\${told}. \${parts.join("; ")}\`;
    }
    press(event) {
      const target = event.target;
      const isTyping = target.tagName === "INPUT" && target.type !== "checkbox";
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape") {
        if (isTyping && this.search.value !== "" && target === this.search) this.change({ text: "" });
        else if (this.detail.isOpen) this.closeDetail();
        return;
      }
      if (isTyping || this.state.view !== "findings") return;
      if (event.key === "/") {
        event.preventDefault();
        this.search.focus();
        return;
      }
      const isInList = this.detail.isOpen || this.table.focusedRow() >= 0;
      const isArrow = (event.key === "ArrowDown" || event.key === "ArrowUp") && isInList;
      if (!isArrow && event.key !== "j" && event.key !== "k") return;
      event.preventDefault();
      this.step(event.key === "ArrowDown" || event.key === "j" ? 1 : -1);
    }
    /** The next finding: opens it when one is open, else only goes there. */
    step(distance) {
      const open = this.state.finding === null ? -1 : this.findings.find(this.state.finding);
      const next = this.table.neighbour(open >= 0 ? open : this.table.focusedRow(), distance);
      if (next < 0) return;
      if (this.detail.isOpen) this.change({ finding: this.findings.text("fingerprint", next) });
      this.table.reveal(next, !this.detail.isOpen);
    }
    closeDetail() {
      const row = this.state.finding === null ? -1 : this.findings.find(this.state.finding);
      this.change({ finding: null });
      this.table.reveal(row, true);
    }
  };
  new Page();
})();
`;

/** The style of the page. */
export const STYLE = `/* Colours have one name each; the dark page gives them other values. */
:root {
  color-scheme: light dark;
  --ground: #f6f7f9;
  --panel: #ffffff;
  --sunk: #eef1f5;
  --line: #dde2e9;
  --field: #818c9b;
  --text: #1b2430;
  --quiet: #5a6675;
  --link: #1f5fa8;
  --brand: #17324f;
  --error: #b3261e;
  --error-ground: #fbeae8;
  --warning: #8a5a00;
  --warning-ground: #fdf2dc;
  --warning-fill: #d9982b;
  --info: #3a5f8f;
  --info-ground: #e8eff8;
  --info-fill: #8fb0d8;
  --good: #1e6b3f;
  --good-ground: #e5f3ea;
  --open: #6a3f98;
  --open-ground: #f1eaf9;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
}

@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11161d;
    --panel: #181f28;
    --sunk: #222b36;
    --line: #2d3744;
    --field: #6f7d8f;
    --text: #e4e9ef;
    --quiet: #9aa7b6;
    --link: #82b4f0;
    --brand: #0c1219;
    --error: #ff8f85;
    --error-ground: #44201e;
    --warning: #f0c069;
    --warning-ground: #40300f;
    --warning-fill: #c98a2a;
    --info: #a5c6f0;
    --info-ground: #20324a;
    --info-fill: #5b82b5;
    --good: #86d3a4;
    --good-ground: #173726;
    --open: #cfaef5;
    --open-ground: #362350;
  }
}

* {
  box-sizing: border-box;
}

html {
  overflow-y: scroll;
}

body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font:
    14px/1.45 system-ui,
    -apple-system,
    'Segoe UI',
    Roboto,
    'Noto Sans',
    sans-serif;
  font-variant-numeric: tabular-nums;
}

h1,
h2,
h3,
p,
ul,
dl,
dd,
pre,
figure {
  margin: 0;
  padding: 0;
}

a {
  color: var(--link);
  text-decoration: none;
}

a:hover {
  text-decoration: underline;
}

button,
input {
  font: inherit;
  color: inherit;
}

button {
  cursor: pointer;
}

:focus-visible {
  outline: 2px solid var(--link);
  outline-offset: 2px;
}

main:focus,
aside:focus {
  outline: none;
}

code,
.mono,
td .first[href] {
  font-family: var(--mono);
  font-size: 0.92em;
}

[hidden] {
  display: none !important;
}

.skip {
  position: absolute;
  left: -999px;
}

.skip:focus {
  left: 8px;
  top: 8px;
  z-index: 9;
  padding: 6px 10px;
  background: var(--panel);
}

/* The top: what this is, and the views. */
.top {
  background: var(--brand);
  color: #fff;
  padding: 14px 28px 0;
}

.brand {
  display: flex;
  gap: 12px;
  align-items: center;
}

.brand path {
  fill: #ffffff22;
  stroke: #cfe0f3;
  stroke-width: 1.5;
  stroke-linejoin: round;
}

.brand .bars {
  fill: none;
  stroke: #fff;
  stroke-width: 2;
  stroke-linecap: round;
}

.top h1 {
  font-size: 17px;
  font-weight: 600;
  overflow-wrap: anywhere;
}

.facts {
  color: #b9c8d9;
  font-size: 12.5px;
}

.facts span + span::before {
  content: '·';
  margin: 0 7px;
}

.top nav {
  display: flex;
  flex-wrap: wrap;
  gap: 0 4px;
  margin-top: 12px;
}

.top nav a {
  padding: 7px 14px 9px;
  color: #c9d6e4;
  white-space: nowrap;
  border-bottom: 3px solid transparent;
}

.top nav a:hover {
  color: #fff;
  text-decoration: none;
}

.top nav a:focus-visible {
  outline-color: #fff;
  outline-offset: -3px;
}

.top nav a[aria-current] {
  color: #fff;
  border-bottom-color: #7fb2ee;
}

.top .count {
  margin-left: 4px;
  padding: 0 6px;
  border-radius: 9px;
  background: #ffffff24;
  font-size: 12px;
}

main {
  padding: 20px 28px 40px;
  max-width: 1640px;
}

.view {
  display: none;
}

.view.is-shown {
  display: block;
}

/* Without the script everything stands below one another. */
@media (scripting: none) {
  .view {
    display: block;
  }
}

article {
  background: var(--panel);
  border: 1px solid var(--line);
  border-radius: 8px;
  padding: 16px 18px;
  min-width: 0;
  margin-bottom: 16px;
}

h2 {
  font-size: 14px;
  font-weight: 600;
  margin-bottom: 10px;
}

* + h2 {
  margin-top: 18px;
}

.note,
small,
.empty {
  color: var(--quiet);
  font-size: 12.5px;
}

small {
  display: block;
}

.empty {
  padding: 18px 0;
}

.grid {
  display: grid;
  gap: 16px;
}

.grid article {
  margin: 0;
}

.grid + .grid {
  margin-top: 16px;
}

.two-one {
  grid-template-columns: minmax(0, 2.4fr) minmax(0, 1fr);
}

.halves {
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
}

/* Tiles. */
.tiles {
  display: grid;
  grid-template-columns: repeat(6, minmax(0, 1fr));
  gap: 12px;
  margin-bottom: 16px;
}

.tile {
  display: flex;
  flex-direction: column;
  padding: 12px 16px 12px;
  background: var(--panel);
  border: 1px solid var(--line);
  border-top: 3px solid var(--line);
  border-radius: 8px;
  color: inherit;
}

.tile:hover {
  border-color: var(--link);
  text-decoration: none;
}

.tile .label {
  color: var(--quiet);
  font-size: 12.5px;
}

.tile strong {
  font-size: 26px;
  font-weight: 600;
  line-height: 1.25;
  letter-spacing: -0.01em;
}

.tone-error {
  border-top-color: var(--error);
}

.tone-error strong {
  color: var(--error);
}

.tone-warning {
  border-top-color: var(--warning-fill);
}

.tone-open {
  border-top-color: var(--open);
}

.tone-open strong {
  color: var(--open);
}

.tone-good {
  border-top-color: var(--good);
}

/* Trend and bars. */
.trend svg {
  display: block;
  width: 100%;
  height: auto;
}

.trend .grid {
  stroke: var(--line);
}

.trend .axis {
  fill: var(--quiet);
  font-size: 11px;
}

.trend .end {
  text-anchor: end;
}

.trend .middle {
  text-anchor: middle;
}

.trend path {
  fill: none;
  stroke-width: 1.5;
}

.trend circle {
  fill: var(--panel);
  stroke: var(--quiet);
  stroke-width: 1.5;
}

.trend .area-error,
.fill-error {
  fill: var(--error);
}

.trend .area-warning,
.fill-warning {
  fill: var(--warning-fill);
}

.trend .area-info,
.fill-info {
  fill: var(--info-fill);
}

.trend [class^='area'] {
  fill-opacity: 0.28;
}

.line-error {
  stroke: var(--error);
}

.line-warning {
  stroke: var(--warning-fill);
}

.line-info {
  stroke: var(--info-fill);
}

figcaption {
  display: flex;
  gap: 16px;
  margin-top: 6px;
  color: var(--quiet);
  font-size: 12.5px;
}

.key::before {
  content: '';
  display: inline-block;
  width: 10px;
  height: 10px;
  margin-right: 6px;
  border-radius: 2px;
}

.key-error::before {
  background: var(--error);
}

.key-warning::before {
  background: var(--warning-fill);
}

.key-info::before {
  background: var(--info-fill);
}

.bar rect {
  shape-rendering: crispEdges;
}

svg.bar {
  display: block;
  border-radius: 2px;
  background: var(--sunk);
  max-width: 100%;
}

.pair {
  display: flex;
  gap: 32px;
}

.pair dt {
  color: var(--quiet);
  font-size: 12.5px;
}

.pair dd {
  font-size: 22px;
  font-weight: 600;
  line-height: 1.25;
}

.verdicts {
  list-style: none;
  display: grid;
  gap: 6px;
}

.verdicts li {
  display: flex;
  justify-content: space-between;
  max-width: 220px;
}

/* Badges. */
.badge {
  display: inline-block;
  padding: 0 7px;
  border-radius: 4px;
  background: var(--sunk);
  color: var(--quiet);
  font-size: 12px;
  font-weight: 600;
  line-height: 19px;
  white-space: nowrap;
}

.severity-error,
.reach-reachable,
.verdict-fail,
.status-failed {
  background: var(--error-ground);
  color: var(--error);
}

.severity-warning,
.status-partial {
  background: var(--warning-ground);
  color: var(--warning);
}

.severity-info {
  background: var(--info-ground);
  color: var(--info);
}

.verdict-pass,
.reach-blocked {
  background: var(--good-ground);
  color: var(--good);
}

.verdict-not_evaluated,
.reach-open {
  background: var(--open-ground);
  color: var(--open);
}

.tag {
  font-weight: 500;
}

.tag-new {
  background: var(--info-ground);
  color: var(--info);
}

/* Tables. */
.scroll {
  overflow-x: auto;
}

table {
  width: 100%;
  border-collapse: collapse;
  text-align: left;
}

th,
td {
  padding: 6px 10px;
  vertical-align: top;
}

th {
  font-weight: 500;
  color: var(--quiet);
  font-size: 12.5px;
  white-space: nowrap;
}

.static th,
.static td {
  border-bottom: 1px solid var(--line);
}

.static tr:last-child td {
  border-bottom: 0;
}

.static th:first-child,
.static td:first-child {
  padding-left: 0;
}

.static td {
  min-width: 76px;
  overflow-wrap: anywhere;
}

.static td.number {
  min-width: 0;
}

.static td:first-child {
  min-width: 150px;
}

.static td svg.bar {
  margin-top: 6px;
}

th.number,
td.number {
  text-align: right;
  white-space: nowrap;
}

.nothing {
  color: var(--quiet);
}

.sort {
  padding: 0;
  border: 0;
  background: none;
  color: inherit;
}

.sort:hover {
  color: var(--text);
}

.sort.is-sorted {
  color: var(--text);
  font-weight: 600;
}

.sort.is-sorted::after {
  content: ' ↑';
}

.sort.is-descending::after {
  content: ' ↓';
}

.level-1 {
  padding-left: 16px;
}
.level-2 {
  padding-left: 32px;
}
.level-3 {
  padding-left: 48px;
}
.level-4 {
  padding-left: 64px;
}
.level-5 {
  padding-left: 80px;
}
.level-6 {
  padding-left: 96px;
}

/* Findings. */
.split {
  display: grid;
  grid-template-columns: 248px minmax(0, 1fr);
  gap: 20px;
  align-items: start;
}

.filters {
  position: sticky;
  top: 12px;
  max-height: calc(100vh - 24px);
  overflow-y: auto;
  background: var(--panel);
  border: 1px solid var(--line);
  border-radius: 8px;
  scrollbar-width: thin;
}

.filters > summary {
  display: none;
}

.facet {
  border-top: 1px solid var(--line);
  padding: 8px 12px;
}

.filters > summary + .facet {
  border-top: 0;
}

.facet summary {
  display: flex;
  cursor: pointer;
  font-weight: 600;
  font-size: 13px;
  list-style: none;
}

.facet summary::before {
  content: '›';
  width: 12px;
  color: var(--quiet);
}

.facet[open] > summary::before {
  transform: rotate(90deg) translate(3px, 5px);
}

.facet .reset {
  margin-left: auto;
  padding: 0;
  border: 0;
  background: none;
  color: var(--link);
  font-size: 12px;
}

.facet ul {
  list-style: none;
  max-height: 232px;
  overflow-y: auto;
  margin-top: 4px;
  scrollbar-width: thin;
}

.facet label {
  display: flex;
  gap: 7px;
  align-items: center;
  padding: 1.5px 2px;
  font-size: 13px;
  border-radius: 4px;
}

.facet label:hover {
  background: var(--sunk);
}

.facet input[type='checkbox'] {
  flex: none;
  margin: 0;
  accent-color: var(--link);
}

.facet .name {
  flex: 1;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.facet .count,
.pick .count {
  color: var(--quiet);
  font-size: 12px;
}

input[type='search'] {
  width: 100%;
  padding: 5px 10px;
  border: 1px solid var(--field);
  border-radius: 6px;
  background: var(--panel);
}

.facet input[type='search'] {
  margin-top: 6px;
  padding: 3px 8px;
  font-size: 12.5px;
}

.list {
  min-width: 0;
}

.toolbar {
  position: sticky;
  top: 0;
  z-index: 2;
  display: flex;
  gap: 14px;
  align-items: center;
  height: 50px;
  background: var(--ground);
}

.toolbar input {
  max-width: 380px;
  min-width: 90px;
}

.toolbar .export {
  margin-left: auto;
}

.status {
  color: var(--quiet);
  white-space: nowrap;
}

.pick {
  padding: 3px 11px;
  border: 1px solid var(--field);
  border-radius: 6px;
  background: var(--panel);
  white-space: nowrap;
}

.pick:hover,
.pick[aria-pressed='true'] {
  border-color: var(--link);
}

.pick[aria-pressed='true'] {
  background: var(--info-ground);
  color: var(--info);
}

.pick .count {
  margin-left: 6px;
}

.chooser {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  margin-bottom: 10px;
}

table.findings {
  table-layout: fixed;
  background: var(--panel);
  border: 1px solid var(--line);
  border-collapse: separate;
  border-spacing: 0;
  border-radius: 8px;
}

.findings thead th {
  position: sticky;
  top: 50px;
  z-index: 1;
  background: var(--sunk);
  border-bottom: 1px solid var(--line);
}

.findings th .sort + .sort::before {
  content: '·';
  margin: 0 6px;
  font-weight: 400;
}

.findings tbody tr:not(.spacer) {
  height: 46px;
  cursor: pointer;
}

.findings tbody td {
  height: 46px;
  padding: 4px 10px 0;
  border-bottom: 1px solid var(--line);
  overflow: hidden;
}

.findings tbody tr:hover td {
  background: var(--sunk);
}

.findings tbody tr.is-open td {
  background: var(--info-ground);
}

.findings tbody tr.is-open td:first-child {
  box-shadow: inset 3px 0 0 var(--link);
}

.findings .first,
.findings .second {
  display: block;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.findings .second {
  color: var(--quiet);
  font-size: 12.5px;
}

.findings a.first {
  color: inherit;
  line-height: 20px;
}

.findings .badge {
  line-height: 17px;
}

.findings .cell-badge {
  width: 86px;
}

.findings .cell-badge:last-child {
  width: 116px;
}

.findings .cell-narrow {
  width: 140px;
}

.findings .cell-middle {
  width: 208px;
}

.findings .cell-broad {
  width: 250px;
}

.keys {
  margin: 12px 0 0 268px;
}

/* One finding. */
#detail {
  position: fixed;
  inset: 0 0 0 auto;
  z-index: 5;
  width: min(520px, 100vw);
  display: flex;
  flex-direction: column;
  background: var(--panel);
  border-left: 1px solid var(--line);
  box-shadow: -8px 0 28px #0f172a24;
}

#detail .bar {
  display: flex;
  gap: 6px;
  align-items: center;
  padding: 10px 14px;
  border-bottom: 1px solid var(--line);
}

#detail .place {
  flex: 1;
  color: var(--quiet);
  font-size: 12.5px;
}

.icon {
  width: 32px;
  height: 30px;
  border: 1px solid var(--field);
  border-radius: 6px;
  background: var(--panel);
}

.icon:hover {
  border-color: var(--link);
}

#detail .told {
  color: var(--good);
  font-size: 12.5px;
}

#detail .body:focus-visible {
  outline-offset: -3px;
}

.copied {
  position: fixed;
  top: 0;
  opacity: 0;
}

#detail .body {
  overflow-y: auto;
  padding: 16px 20px 32px;
}

.badges {
  display: flex;
  gap: 6px;
  margin-bottom: 8px;
}

#detail h2 {
  font-size: 17px;
  line-height: 1.35;
  margin: 0 0 8px;
}

#detail h3 {
  margin: 18px 0 6px;
  font-size: 13px;
}

.prose {
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}

pre.prose {
  padding: 10px 12px;
  border-radius: 6px;
  background: var(--sunk);
  font-family: var(--mono);
  font-size: 12.5px;
}

#detail dl {
  margin-top: 20px;
  border-top: 1px solid var(--line);
}

#detail dl > div {
  display: grid;
  grid-template-columns: 132px minmax(0, 1fr);
  gap: 12px;
  padding: 6px 0;
  border-bottom: 1px solid var(--line);
}

#detail dt {
  color: var(--quiet);
}

#detail dd {
  overflow-wrap: anywhere;
}

.choice {
  display: block;
  padding: 0;
  border: 0;
  background: none;
  color: var(--link);
  text-align: left;
  overflow-wrap: anywhere;
}

.choice:hover {
  text-decoration: underline;
}

.only-print {
  display: none;
}

/* The list makes room for the finding where there is room. */
@media (min-width: 1180px) {
  .is-beside {
    padding-right: 548px;
  }

  .is-beside .filters,
  .is-beside .keys,
  .is-beside .cell-narrow {
    display: none;
  }

  .is-beside .cell-middle,
  .is-beside .cell-broad {
    width: 190px;
  }

  .is-beside .split {
    grid-template-columns: minmax(0, 1fr);
  }
}

@media (max-width: 1180px) {
  .tiles {
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }

  .two-one,
  .halves {
    grid-template-columns: minmax(0, 1fr);
  }

  .findings .cell-narrow {
    display: none;
  }

  .findings .cell-middle,
  .findings .cell-broad {
    width: 170px;
  }
}

/* A narrow window shows a finding as a card of four lines; the script knows its height. */
@media (max-width: 760px) {
  .top {
    padding: 12px 14px 0;
  }

  .top nav a {
    padding: 6px 8px 7px;
  }

  main {
    padding: 14px 14px 32px;
  }

  .static .bars {
    display: none;
  }

  .static td:first-child {
    min-width: 120px;
  }

  .tiles {
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 8px;
  }

  .tile {
    padding: 8px 12px;
  }

  .tile strong {
    font-size: 22px;
  }

  article {
    padding: 12px 14px;
  }

  .split {
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
  }

  .filters {
    position: static;
    max-height: none;
  }

  .filters > summary {
    display: block;
    padding: 8px 12px;
    font-weight: 600;
    cursor: pointer;
  }

  .filters > summary + .facet {
    border-top: 1px solid var(--line);
  }

  .toolbar {
    flex-wrap: wrap;
    height: auto;
    gap: 4px 12px;
    padding: 6px 0;
  }

  .toolbar input {
    max-width: none;
  }

  .keys {
    display: none;
  }

  table.findings,
  .findings tbody {
    display: block;
  }

  .findings thead {
    display: block;
    overflow-x: auto;
    border-bottom: 1px solid var(--line);
    background: var(--sunk);
    border-radius: 8px 8px 0 0;
  }

  .findings thead tr {
    display: flex;
  }

  .findings thead th {
    position: static;
    border: 0;
  }

  .findings tbody .spacer {
    display: block;
  }

  .findings tbody tr:not(.spacer) {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    grid-template-rows: 24px 40px 22px;
    gap: 0 10px;
    height: 98px;
    padding: 6px 12px 0;
    border-bottom: 1px solid var(--line);
    overflow: hidden;
  }

  .findings tbody tr td {
    display: none;
    height: auto;
    width: auto !important;
    padding: 0;
    border: 0;
  }

  .findings tbody td:nth-child(2) {
    display: block;
    order: 1;
  }

  .findings tbody td:nth-child(1) {
    display: block;
    order: 2;
  }

  .findings tbody td:nth-child(3) {
    display: block;
    order: 3;
    grid-column: 1 / -1;
  }

  .findings tbody td:nth-child(4) {
    display: block;
    order: 4;
    color: var(--quiet);
  }

  .findings tbody td:last-child {
    display: block;
    order: 5;
  }

  .findings tbody .cell-badge {
    justify-self: end;
  }

  .findings tbody td:nth-child(2) .second,
  .findings tbody td:nth-child(4) .second,
  .findings tbody td:last-child .second {
    display: none;
  }

  .findings tbody td:nth-child(4) .first {
    font-size: 12.5px;
  }

  .trend .axis {
    font-size: 19px;
  }

  .findings tbody td:nth-child(2) .first {
    font-weight: 600;
  }

  .findings tbody tr.is-open td:first-child {
    box-shadow: none;
  }

  #detail dl > div {
    grid-template-columns: 108px minmax(0, 1fr);
  }

  .static th,
  .static td {
    padding: 6px 5px;
  }
}

/* On paper: every view, and as many findings as are sensible. */
@media print {
  :root {
    color-scheme: light;
    --ground: #fff;
    --panel: #fff;
    --sunk: #f2f2f2;
    --line: #ccc;
    --text: #000;
    --quiet: #444;
    --link: #000;
  }

  @page {
    margin: 14mm;
  }

  body {
    font-size: 10px;
  }

  h2 {
    font-size: 12px;
    break-after: avoid;
  }

  .note,
  small,
  th,
  .pair dt,
  .tile .label,
  .trend .key,
  .facts {
    font-size: 9px;
  }

  .pair dd {
    font-size: 14px;
  }

  .trend .key::before {
    print-color-adjust: exact;
  }

  .top {
    padding: 0 0 8px;
    background: none;
    color: #000;
  }

  .top nav,
  .filters,
  .toolbar,
  .keys,
  .chooser,
  .skip,
  .spacer,
  #detail {
    display: none !important;
  }

  .brand path {
    stroke: #000 !important;
  }

  .facts {
    color: #444;
  }

  main,
  .is-beside {
    padding: 0;
    max-width: none;
  }

  .view {
    display: block;
  }

  .view + .view {
    margin-top: 16px;
  }

  .tiles {
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 6px;
  }

  .tile strong {
    font-size: 16px;
  }

  .grid {
    display: block;
  }

  article,
  .tile {
    break-inside: auto;
    border-radius: 0;
    margin-bottom: 10px !important;
  }

  .trend {
    break-inside: avoid;
    max-width: 460px;
  }

  .split {
    display: block;
  }

  .scroll {
    overflow: visible;
  }

  tr {
    break-inside: avoid;
  }

  thead {
    display: table-header-group;
  }

  .findings thead th {
    position: static;
    white-space: normal;
    background: none;
  }

  .findings .cell-narrow {
    display: table-cell;
  }

  .findings tbody tr:not(.spacer),
  .findings tbody td {
    height: auto;
  }

  .findings .first,
  .findings .second {
    white-space: normal;
    overflow-wrap: anywhere;
    font-size: 8.5px;
    line-height: 1.35 !important;
  }

  .findings th,
  .findings tbody td {
    padding: 3px 5px;
  }

  .findings .cell-badge {
    width: 58px;
  }

  .findings .cell-narrow {
    width: 80px;
  }

  .findings .cell-middle,
  .findings .cell-broad {
    width: 112px;
  }

  .findings .cell-badge:last-child {
    width: 74px;
  }

  .badge {
    border: 1px solid currentcolor;
    font-size: 9px;
    line-height: 13px;
    print-color-adjust: exact;
  }

  svg {
    print-color-adjust: exact;
  }

  .only-print {
    display: block;
  }
}

/* Where the system sets the colours, borders tell what grounds told. */
@media (forced-colors: active) {
  .badge,
  .pick[aria-pressed='true'],
  .tile {
    border: 1px solid currentcolor;
  }

  .findings tbody tr.is-open td:first-child {
    border-left: 3px solid Highlight;
  }
}
`;
