// Making elements. Texts become text nodes: what others wrote is never markup.

// create makes an element with properties and children: create("p", {className: "x"}, "text").
export function create(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);
