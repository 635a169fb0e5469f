"""A server in Python that keeps the contract, and beside it the setup of setup-protocol.yaml."""
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_to_bytes

TENANTS = {"main-token-1234": "main", "second-token-5678": "second", "late-token-90": ""}
PATH = re.compile(r"/v1/workspaces/([^/]+)/sessions/([^/]+)\Z")
ID = re.compile(r"[A-Za-z0-9-]{1,36}\Z")
sessions, lock, fault = {}, threading.Lock(), {"on": False}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_expect_100(self):
        return True

    def read(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            parts = []
            while size := self.chunk_size():
                parts.append(self.rfile.read(size))
                if self.rfile.readline() != b"\r\n":
                    raise ValueError("not the end of a chunk")
            while self.rfile.readline().strip():
                pass
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def chunk_size(self):
        line = re.fullmatch(rb"([0-9A-Fa-f]{1,8})(;[^\r\n]*)?\r\n", self.rfile.readline())
        if not line:
            raise ValueError("not a chunk")
        return int(line[1], 16)

    def send(self, status, body=None, headers=()):
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_error(self, code, *_):
        self.close_connection = True
        self.send(code, {"error_code": f"demo.0{code}", "error_msg": "this is not understood"}, [("Connection", "close")])


class Api(Handler):
    def refuse(self, status, message, headers=()):
        self.send(status, {"error_code": f"demo.0{status}", "error_msg": message}, headers)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.serve
        raise AttributeError(name)

    def serve(self):
        lengths = self.headers.get_all("Content-Length") or []
        codings = self.headers.get_all("Transfer-Encoding") or []
        odd = codings and (lengths or [one.lower() for one in codings] != ["chunked"])
        if odd or len(lengths) > 1 or not all(re.fullmatch(r"[0-9]+", one) for one in lengths):
            return self.send_error(400)
        if self.request_version == "HTTP/1.1" and len(self.headers.get_all("Host") or []) != 1:
            return self.send_error(400)
        try:
            body = self.read()
        except ValueError:
            return self.send_error(400)
        ids = PATH.match(re.sub(r"^http://[^/]*", "", self.path).split("?")[0])
        if not ids:
            return self.refuse(404, "no such path")
        if self.command != "DELETE":
            return self.refuse(405, "only DELETE", [("Allow", "DELETE")])
        tenant = TENANTS.get(self.headers.get("X-Auth-Token"))
        if tenant is None:
            return self.refuse(401, "who are you?", [("WWW-Authenticate", "Token")])
        if tenant == "":
            message, title = "this tenant is suspended", "Forbidden"
            inner = {"code": "403", "message": message, "title": title}
            return self.send(403, {"error": inner, "error_code": 403, "error_msg": message, "title": title})
        try:
            workspace, session = (unquote_to_bytes(one).decode() for one in ids.groups())
        except UnicodeDecodeError:
            return self.refuse(400, "not an escape")
        if not (ID.match(workspace) and ID.match(session)):
            return self.refuse(400, "not an id")
        if body:
            try:
                kind = self.headers.get_content_type()
                if json.loads(body) != {} or kind != "application/json":
                    return self.refuse(400, "send nothing, or an empty object")
            except (ValueError, RecursionError):
                return self.refuse(400, "not JSON")
        if fault["on"]:
            return self.refuse(500, "something failed")
        with lock:
            found = sessions.get(session)
            if not found or found["tenant"] != tenant or workspace != f"{tenant}-space":
                return self.refuse(404, "no such session")
            if found["stuck"]:
                return self.refuse(408, "it did not end in time")
            del sessions[session]
        self.send(200)


class Setup(Handler):
    def do_POST(self):
        given = self.read()
        if self.path == "/runs":
            return self.send(200, {
                "capabilities": ["live", "stuck", "innerFault", "secondTenant", "forbidden"],
                "token": "main-token-1234", "secondToken": "second-token-5678",
                "requiresToken": True, "retries": "not-found",
            })
        if self.path.endswith("/recover"):
            fault["on"] = False
            sessions.get(self.path.split("/")[2], {})["stuck"] = False
            return self.send(204)
        state = json.loads(given)["state"]
        tenant = "second" if state == "secondTenant" else "main"
        with lock:
            self.server.count = getattr(self.server, "count", 0) + 1
            session = f"Open-{self.server.count}-a0"
            sessions[session] = {"tenant": tenant, "stuck": state == "stuck"}
        fault["on"] = state == "innerFault"
        subject = {"id": session, "open": True, "params": {"workspace_id": f"{tenant}-space", "session_id": session}}
        self.send(201, {**subject, **({"token": "late-token-90"} if state == "forbidden" else {})})

    def do_GET(self):
        self.send(200, {"open": self.path.split("/")[2] in sessions})

    def do_DELETE(self):
        sessions.pop(self.path.split("/")[-1], None)
        self.send(204)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_):
        pass


servers = [Server(("127.0.0.1", 0), kind) for kind in (Api, Setup)]
for server in servers:
    threading.Thread(target=server.serve_forever).start()
print("ready", *(f"http://127.0.0.1:{server.server_port}" for server in servers), flush=True)
