// Behaviour of the desk: one module per element.
import "./live-updates.js";
import "./desk-frame.js";
import "./thread-scroll.js";
import "./reply-box.js";
import "./hot-keys.js";
