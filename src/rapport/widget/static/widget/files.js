// Photos and documents: chosen, dropped or pasted before sending; shown in a message afterwards.

import { act, h, icon, iconButton } from "./dom.js";
import { fileSize, t } from "./words.js";

// Named one by one, so that phones turn their own formats into JPEG, which everybody can see.
const ACCEPT = { image: "image/jpeg,image/png,image/webp,image/gif", pdf: "application/pdf", text: "text/plain,.txt,.csv,.log" };
const KINDS = ["image", "pdf", "text"];
const LOOK_PX = 72;
const REFUSALS = { file_too_large: "filesTooLarge", too_large: "filesTooLarge", unsupported_file: "badFile", too_many_files: "filesTooMany", not_answerable: "badFile" };

/** Why the server did not take files, in the customer's language; empty for other reasons. */
export function refusal(code) {
  return code in REFUSALS ? t(REFUSALS[code]) : "";
}

/** The address of a file on this very site, whatever name the site has for others. */
function local(address) {
  const { pathname, search } = new URL(address, location.href);
  return pathname + search;
}

/** The files of a message. */
export function attached(list) {
  const rows = list.map((file) => {
    const address = local(file.data_url);
    const isPhoto = file.file_type === "image";
    const stale = () => act(row, "stale");
    const photo = isPhoto && h("img", { src: address, alt: file.file_name, loading: "lazy", onerror: stale });
    const named = h("span", { class: "file-name", dir: "auto" }, icon("file-text"), h("span", {}, file.file_name), h("span", { class: "file-size" }, fileSize(file.file_size)));
    const row = h("li", {}, h("a", { class: isPhoto ? "photo" : "document", href: address, target: "_blank", rel: "noopener" }, photo || named, h("span", { class: "visually-hidden" }, ` (${t("newWindow")})`)));
    return row;
  });
  return h("ul", { class: "files", role: "list", "aria-label": t("files") }, rows);
}

/** The names of files on their way. */
export function sending(files) {
  return h("ul", { class: "files", role: "list", "aria-label": t("files") }, files.map((file) => h("li", {}, h("span", { class: "document" }, h("span", { class: "file-name", dir: "auto" }, icon("file-text"), h("span", {}, file.name), h("span", { class: "file-size" }, fileSize(file.size)))))));
}

/** What a message that asks for files offers: a way to choose them. */
export function fileQuestion({ accept = [], many }) {
  const kinds = accept.length ? accept : KINDS;
  const takesPhotos = kinds.includes("image");
  const label = t(!takesPhotos ? "attach" : many ? "chooseFiles" : "chooseFile");
  return h("button", { type: "button", class: "button primary choose-file", onclick: (event) => act(event.currentTarget, "attach", { accept: kinds, many }) }, icon(takesPhotos ? "camera" : "paperclip"), label);
}

// <file-tray>: the files that will go with the next message.
class FileTray extends HTMLElement {
  files = [];

  connectedCallback() {
    if (this.firstChild) return;
    this.input = h("input", { type: "file", hidden: true, multiple: true, onchange: () => this.#chosen() });
    this.list = h("ul", { class: "tray", role: "list" });
    this.append(this.input, this.list);
  }

  /** Let the customer choose. */
  pick({ accept = KINDS, many = true } = {}) {
    this.input.accept = accept.map((kind) => ACCEPT[kind] || "").filter(Boolean).join(",");
    this.input.multiple = many;
    this.input.click();
  }

  #chosen() {
    this.add([...this.input.files]);
    this.input.value = "";
  }

  /** Take files, as far as they may be sent; says what may not. */
  add(files) {
    const { max_bytes: largest, max_count: most } = this.limits;
    const large = files.filter((file) => file.size > largest);
    const fitting = files.filter((file) => file.size <= largest);
    const room = most - this.files.length;
    if (large.length) act(this, "problem", { text: t("fileTooLarge", { name: large[0].name, size: fileSize(largest) }) });
    else if (fitting.length > room) act(this, "problem", { text: t("tooManyFiles", { count: most }) });
    this.files = [...this.files, ...fitting.slice(0, room)];
    this.#draw();
  }

  /** The files, which are then no longer here. */
  take() {
    const taken = this.files;
    this.files = [];
    this.#draw();
    return taken;
  }

  #remove(file) {
    this.files = this.files.filter((other) => other !== file);
    this.#draw();
    act(this, "tray");
  }

  #draw() {
    this.list.setAttribute("aria-label", t("files"));
    this.list.replaceChildren(...this.files.map((file) => h("li", {}, this.#look(file), h("span", { class: "tray-name", dir: "auto" }, file.name),
      iconButton("x", t("removeFile", { name: file.name }), () => this.#remove(file)))));
    this.dispatchEvent(new Event("change"));
  }

  /** A small picture, drawn here: no address for the file is needed. */
  #look(file) {
    const place = h("span", { class: "tray-look" }, icon("file-text"));
    if (!/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return place;
    createImageBitmap(file).then((picture) => {
      const canvas = h("canvas", { width: LOOK_PX, height: LOOK_PX });
      const side = Math.min(picture.width, picture.height);
      canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, LOOK_PX, LOOK_PX);
      picture.close();
      place.replaceChildren(canvas);
    }, () => {});
    return place;
  }
}

customElements.define("file-tray", FileTray);
