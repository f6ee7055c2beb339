// Tabs: one panel of several is shown; arrow keys, Home and End go from tab to tab.
// https://www.w3.org/WAI/ARIA/apg/patterns/tabs/

// joinTabs makes a list of tabs show the panels that they control.
export function joinTabs(list) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  for (const tab of tabs) tab.addEventListener("click", () => select(tabs, tab));
  list.addEventListener("keydown", (event) => {
    const next = follow(tabs, event.target.closest("[role=tab]"), event.key);
    if (!next) return;
    event.preventDefault();
    select(tabs, next);
    next.focus();
  });
}

// follow is the tab that a key leads to.
function follow(tabs, tab, key) {
  const at = tabs.indexOf(tab);
  const there = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[key];
  return there === undefined ? undefined : tabs.at(there % tabs.length);
}

function select(tabs, chosen) {
  for (const tab of tabs) {
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
  }
}
