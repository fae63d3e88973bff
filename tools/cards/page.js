// Runs in the page, beside adaptivecards.js and markdown-it.
let hostConfig;

function prepare(config, css) {
  hostConfig = new AdaptiveCards.HostConfig(config);
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  // https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format: bold, italic, lists, links
  const markdown = window.markdownit("zero").enable(["emphasis", "list", "link", "escape", "newline"]);
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };
}

/** Shows a card and tells how high it is, and the first text that is cut off at the side. */
function draw(json, open) {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = hostConfig;
  const problems = new AdaptiveCards.SerializationContext();
  const { lang, ...rest } = json; // the renderer refuses every second lang: its pattern remembers where it stopped
  card.parse(rest, problems);
  if (problems.eventCount) throw new Error(problems.getEventAt(0).message);
  document.documentElement.lang = lang;
  document.body.replaceChildren(card.render());
  if (open) {
    for (const item of hiddenItems(json.body)) card.getElementById(item).isVisible = true;
  }
  const cut = [...document.querySelectorAll("p, li, td, .ac-textBlock")].find((e) => e.scrollWidth > e.clientWidth + 1);
  return { height: Math.ceil(document.body.firstElementChild.getBoundingClientRect().height), clipped: cut?.textContent.slice(0, 60) };
}

function hiddenItems(body) {
  return body.flatMap((e) => [...(e.isVisible === false ? [e.id] : []), ...hiddenItems(e.items ?? [])]);
}
