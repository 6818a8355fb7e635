// Every page's behaviour: each module defines one custom element or one attribute.
import "./drop-menu.js";
import "./theme-switch.js";
import "./toast-area.js";
import "./dialogs.js";
import "./relative-times.js";
import "./requests.js";
import "./tab-list.js";
import "./demo-accounts.js";
import "./copy-text.js";
