// <phone-call>: a telephone on a page. Keys, words and, where the browser can, speech; answers are shown and read aloud.
const TAGS = { en: "en-GB", cs: "cs-CZ", de: "de-DE", es: "es-ES", ru: "ru-RU", zh: "zh-CN" };
const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;

class PhoneCall extends HTMLElement {
  connectedCallback() {
    this.said = this.querySelector(".phone-said");
    this.typed = this.querySelector(".phone-typed");
    this.words = this.querySelector(".phone-words input");
    this.microphone = this.querySelector("[data-microphone]");
    if (Recognition) this.microphone.hidden = false;
    this.querySelector("[data-call]").addEventListener("click", () => this.call());
    this.querySelector("[data-hang-up]").addEventListener("click", () => this.hangUp());
    this.querySelector("[data-silence]").addEventListener("click", () => this.turn({}));
    this.microphone.addEventListener("click", () => this.listen());
    this.querySelector(".phone-words").addEventListener("submit", (event) => {
      event.preventDefault();
      const speech = this.words.value.trim();
      if (speech && !this.isWaiting) this.say(speech);
    });
    this.addEventListener("click", (event) => {
      const key = event.target.closest("[data-key]");
      if (key) this.press(key.dataset.key);
    });
  }

  disconnectedCallback() {
    clearTimeout(this.poll);
    window.speechSynthesis?.cancel();
  }

  call() {
    clearTimeout(this.poll);
    this.callId = crypto.randomUUID();
    this.number = null;
    this.said.replaceChildren();
    this.open(true);
    this.turn({ event: "start" });
  }

  say(speech, confidence) {
    this.words.value = "";
    this.show(speech, "phone-mine");
    this.turn(confidence ? { speech, confidence } : { speech });
  }

  press(key) {
    if (this.isWaiting) return;
    const isOne = this.last?.max_digits === 1;
    this.typed.value = isOne ? key : this.typed.value + key;
    const isAlone = this.typed.value === "0" || this.typed.value === "*";
    if (!isOne && key !== "#" && !(key === "*" && isAlone)) return;
    this.send();
  }

  send() {
    const digits = this.typed.value;
    this.typed.value = "";
    this.show(digits, "phone-mine");
    this.turn({ digits });
  }

  hangUp() {
    clearTimeout(this.poll);
    this.turn({ event: "hangup" });
    this.open(false);
  }

  async turn(given) {
    window.speechSynthesis?.cancel();
    this.isWaiting = true;
    const { callId } = this;
    const body = { call_id: callId, from: "", to: "", ...(this.number ? { turn: this.number } : {}), ...given };
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf };
    let answer;
    try {
      const response = await fetch(this.dataset.url, { method: "POST", headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(String(response.status));
      answer = await response.json();
    } catch {
      if (callId !== this.callId) return;
      this.show(this.dataset.failed, "phone-note");
      this.isWaiting = false;
      return;
    }
    if (callId === this.callId) this.take(answer);
  }

  take(answer) {
    this.last = answer;
    this.number = answer.turn;
    this.isWaiting = answer.expect === "wait";
    for (const line of answer.say) {
      this.show(line.text, "", line.language);
      this.speak(line);
    }
    if (answer.expect === "wait") this.poll = setTimeout(() => this.turn({ event: "poll" }), 1000 * (answer.wait_s || 1));
    if (answer.expect === "transfer") this.show(`${this.dataset.connected} ${answer.transfer_to}`, "phone-note");
    if (answer.expect === "hangup") this.show(this.dataset.ended, "phone-note");
    if (answer.expect === "transfer" || answer.expect === "hangup") this.open(false);
  }

  show(text, look, language) {
    const item = document.createElement("li");
    item.textContent = text;
    if (look) item.className = look;
    if (language) item.lang = TAGS[language];
    this.said.append(item);
    this.said.scrollTop = this.said.scrollHeight;
  }

  speak(line) {
    if (!window.speechSynthesis || !this.querySelector("[data-aloud]").checked) return;
    const spoken = new SpeechSynthesisUtterance(line.text);
    spoken.lang = TAGS[line.language];
    window.speechSynthesis.speak(spoken);
  }

  listen() {
    window.speechSynthesis?.cancel();
    const ear = new Recognition();
    ear.lang = TAGS[this.last?.language] || "en-GB";
    ear.addEventListener("result", (event) => {
      const heard = event.results[0][0];
      this.say(heard.transcript, Math.min(1, Math.max(0, heard.confidence)));
    });
    ear.start();
  }

  open(isOn) {
    for (const control of this.querySelectorAll("[data-key], [data-silence], [data-microphone], .phone-words input, .phone-words button")) control.disabled = !isOn;
    this.querySelector("[data-call]").hidden = isOn;
    this.querySelector("[data-hang-up]").hidden = !isOn;
    if (isOn) this.words.focus();
  }
}

customElements.define("phone-call", PhoneCall);
