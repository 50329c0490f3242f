/* What a page tells about itself to whoever checks it: plain lists, empty where all is well. */
(() => {
  const shown = (el) => {
    const box = el.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  const clipped = (el) => el.closest(".sr, .skip") !== null || getComputedStyle(el).clipPath !== "none";
  const words = (el) => (el.innerText || el.getAttribute("aria-label") || el.name || el.tagName).trim().slice(0, 60);
  const CONTROLS = "a[href], button, input, select, textarea, summary, [role=button], [tabindex='0']";

  /* A link within a sentence may be as high as its line (WCAG 2.5.8). */
  const inSentence = (el) => {
    if (getComputedStyle(el).display !== "inline") return false;
    const around = el.parentElement.textContent.trim();
    return around.length > el.textContent.trim().length;
  };
  const boxOf = (el) => {
    const label = el.matches("input[type=checkbox], input[type=radio]") ? el.closest("label") : null;
    return (label ?? el).getBoundingClientRect();
  };

  function small(answers) {
    const found = [];
    for (const el of document.querySelectorAll(CONTROLS)) {
      if (!shown(el) || clipped(el) || inSentence(el)) continue;
      const { width, height } = boxOf(el);
      const answer = el.matches(answers);
      const least = answer ? 44 : 24;
      if (height < least - 0.5 || width < 23.5) found.push(`${words(el)}: ${Math.round(width)} × ${Math.round(height)}`);
    }
    return found;
  }

  function sideways() {
    const page = document.scrollingElement;
    if (page.scrollWidth <= innerWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((el) => {
      const box = el.getBoundingClientRect();
      return box.width > 0 && !clipped(el) && (box.right > innerWidth || box.left < 0);
    });
    return [`${page.scrollWidth} of ${innerWidth}: ${wide.slice(-3).map((el) => el.tagName + "." + el.className).join(", ")}`];
  }

  const RTL = /[\u0590-\u08ff]/;
  const ISOLATED = /\u2068[^\u2069]*\u2069/g;

  /* A text from right to left stands in an element or between marks that keep its direction to itself. */
  function directions() {
    const found = new Set();
    const mixed = (text) => RTL.test(text) && /[\s\p{P}]/u.test(text.trim());
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode.data.replace(ISOLATED, "");
      const parent = walk.currentNode.parentElement;
      if (!mixed(text) || parent.closest("[dir=auto], bdi, title, option, script, style") || parent.matches("textarea")) continue;
      found.add(text.trim().slice(0, 60));
    }
    for (const box of document.querySelectorAll("input[type=text], textarea"))
      if (box.dir !== "auto" && RTL.test(box.value)) found.add(`in the box ${words(box)}`);
    return [...found];
  }

  function turns() {
    return [...document.querySelectorAll("[data-turn]")].filter(shown).map((line) => {
      const first = line.firstElementChild ?? line;
      return first.innerText.trim().replace(/\s+/g, " ");
    });
  }

  const ring = (el) => {
    const style = getComputedStyle(el);
    return (parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none") || style.boxShadow !== "none";
  };

  /* At least a part of it lies open (WCAG 2.4.11). */
  function uncovered(el, near) {
    const box = el.getClientRects()[0];
    const x = box.left + Math.min(box.width / 2, 40);
    return [0.1, 0.5, 0.9].some((part) => {
      const top = document.elementFromPoint(x, box.top + box.height * part);
      return top && near.some((one) => one.contains(top) || (one === el && top.contains(el) && top !== document.body));
    });
  }

  /* Each control in turn has the focus, as by the keyboard: is it seen, and is it not covered? */
  function unseen() {
    const found = [];
    const before = document.activeElement;
    for (const el of document.querySelectorAll(CONTROLS)) {
      if (!shown(el) || el.disabled || el.closest("[inert]")) continue;
      el.focus();
      if (document.activeElement !== el) continue;
      const near = [el, el.closest("label"), el.nextElementSibling].filter(Boolean);
      if (!near.some(ring)) found.push(`no ring: ${words(el)}`);
      if (!clipped(el) && !uncovered(el, near)) found.push(`covered: ${words(el)}`);
    }
    before?.focus?.();
    scrollTo(0, 0);
    return found;
  }

  /* Nothing is cut off: what hides its overflow has none, but for what says so with an ellipsis. */
  function cut() {
    const found = [];
    for (const el of document.body.querySelectorAll("*")) {
      const style = getComputedStyle(el);
      if (!/hidden|clip/.test(style.overflow) || el.matches("input") || clipped(el) || !shown(el)) continue;
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") continue;
      if (el.scrollHeight > el.clientHeight + 1 || el.scrollWidth > el.clientWidth + 1) found.push(words(el));
    }
    return found;
  }

  async function violations(axe) {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    // Nothing is fetched for it: in some states there is no server to fetch it from.
    const asked = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false };
    const result = await axe.run(document, asked);
    return result.violations.map((v) => {
      const where = v.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} (${node.failureSummary.split("\n").slice(1).join("; ").trim()})`);
      return `${v.impact}: ${v.id}: ${where.join(" | ")}`;
    });
  }

  window.looked = { small, sideways, directions, turns, unseen, cut, violations };
})();
