// What script adds to pages that work without it: the error summary takes the focus, a second press of a button is
// held back, characters are counted. One module, no inline script, nothing evaluated.
import { Button } from "../node_modules/govuk-frontend/dist/govuk/components/button/button.mjs";
import { CharacterCount } from "../node_modules/govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { ErrorSummary } from "../node_modules/govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { NotificationBanner } from "../node_modules/govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs";

// The last takes the focus: what is wrong comes before what went well.
const parts = [Button, CharacterCount, NotificationBanner, ErrorSummary];

function awaken(root) {
  for (const Part of parts) {
    for (const element of root.querySelectorAll(`[data-module="${Part.moduleName}"]`)) {
      if (!element.hasAttribute(`data-${Part.moduleName}-init`)) new Part(element);
    }
  }
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
awaken(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof Element) awaken(event.target.parentElement ?? event.target);
});

// A page taken from the browser's own store after "back" may show what no longer holds.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.body.dataset.private === "yes") window.location.reload();
});

for (const press of document.querySelectorAll("[data-print]")) {
  press.hidden = false;
  press.addEventListener("click", () => window.print());
}
