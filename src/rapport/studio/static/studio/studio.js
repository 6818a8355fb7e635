// The procedure editor's behaviour: each module one concern.
import "./buttons.js";
import "./conditions.js";
import "./languages.js";
import "./flow.js";
import "./preview.js";
