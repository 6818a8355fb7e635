// <button data-copies="id" data-copied="Copied">: puts the text of an element on the clipboard and says so.
import { announce } from "./announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return select(source); // no clipboard on plain http: the text is selected, ready for the keyboard
  }
  announce(button.dataset.copied);
  button.classList.add("is-copied");
  setTimeout(() => button.classList.remove("is-copied"), 1500);
});

function select(source) {
  if (source.select) return source.select();
  const range = document.createRange();
  range.selectNodeContents(source);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
