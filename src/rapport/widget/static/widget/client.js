// Requests to the widget's API.

const TIMEOUT_MS = 20000;
const UPLOAD_MS = 180000;

/** An answer that is no success; `status` 0 means that none came. */
export class RequestFailed extends Error {
  constructor(status, body) {
    super(body?.message || "");
    this.status = status;
    this.code = body?.error?.code || "";
    this.isRetryable = status === 0 || status === 429 || status >= 500 || Boolean(body?.error?.retryable);
    this.waitSeconds = body?.error?.facts?.retry_after_s || 0;
  }
}

export class Client {
  token = null;

  /** The answer's JSON. Throws RequestFailed. */
  async call(method, path, body, { keepalive = false } = {}) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(`/widget${path}`, {
        method, headers, keepalive, cache: "no-store", credentials: "omit", signal: abort.signal,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const data = await response.json().catch(() => null);
      if (!response.ok) throw new RequestFailed(response.status, data);
      return data;
    } catch (problem) {
      throw problem instanceof RequestFailed ? problem : new RequestFailed(0, null);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Send a form with files; `onProgress` hears the share that has gone. A fetch cannot tell that. Throws RequestFailed. */
  upload(path, form, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const failed = () => reject(new RequestFailed(0, null));
      request.open("POST", `/widget${path}`);
      request.responseType = "json";
      request.timeout = UPLOAD_MS;
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("Authorization", `Bearer ${this.token}`);
      request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
      request.onerror = request.ontimeout = request.onabort = failed;
      request.onload = () => (request.status < 300 ? resolve(request.response) : reject(new RequestFailed(request.status, request.response)));
      request.send(form);
    });
  }
}
