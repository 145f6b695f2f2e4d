/** Bot's Markdown as safe HTML: no raw HTML, no images, no headings, and links lead to https only. */
import markdownit from "/vendor/markdown-it/dist/browser/markdown-it.esm.min.mjs";

const markdown = markdownit({ html: false }).disable(["image", "heading", "lheading"]);
markdown.validateLink = (address) => /^https:\/\//i.test(address);
markdown.renderer.rules.link_open = (tokens, index, options, env, renderer) => {
  tokens[index].attrSet("target", "_blank");
  tokens[index].attrSet("rel", "noopener noreferrer");
  return renderer.renderToken(tokens, index, options);
};

export const toHtml = (text) => markdown.render(text);

/** Fills `node` with an activity's text in its own format. */
export function fillText(node, { text, text_format: format }) {
  if (format === "markdown") node.innerHTML = toHtml(text);
  else if (format === "xml") node.textContent = new DOMParser().parseFromString(text, "text/html").body.textContent;
  else node.textContent = text;
}

/** Replaces every `[n]` in the text by what `draw(n)` makes, where it makes something. */
export function replaceMarks(node, draw) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("a, code")) texts.push(walker.currentNode);
  for (const text of texts) {
    const parts = text.data.split(/\[(\d{1,2})\]/);
    if (parts.length === 1) continue;
    text.replaceWith(...parts.map((part, index) => (index % 2 ? draw(Number(part)) || ` [${part}]` : part.trimEnd())));
  }
}
