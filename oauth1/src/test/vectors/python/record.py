"""Records what requests-oauthlib, oauthlib and python3-jira sign. Run by ../record."""

import builtins
import http.server
import pathlib
import sys
import threading
import urllib.parse
import webbrowser

import oauthlib.oauth1 as o
import requests
from requests_oauthlib import OAuth1

HERE = pathlib.Path(__file__).parent.parent
KEY = (HERE / "keys/private.pem").read_text()
OUT = HERE / "recorded"
CONSUMER, SECRET, TOKEN, TOKEN_SECRET = "recorder", "consumer secret &1", "a/token", "token secret +2"
CASES = [line.split("|") for line in (HERE / "cases.txt").read_text().splitlines()]
METHODS = [o.SIGNATURE_RSA_SHA1, o.SIGNATURE_RSA_SHA256, o.SIGNATURE_HMAC_SHA1, o.SIGNATURE_HMAC_SHA256]


def row(case, method, url, headers, body):
    target, _, query = url.partition("?")
    if isinstance(body, bytes):
        body = body.decode("ascii")
    authorization = headers.get("Authorization", b"")
    if isinstance(authorization, bytes):
        authorization = authorization.decode("ascii")
    return "\t".join([case, method, target, query, authorization, body or ""])


def credentials(signature_method):
    rsa = signature_method.startswith("RSA")
    return dict(
        client_secret=None if rsa else SECRET,
        resource_owner_key=TOKEN,
        resource_owner_secret=None if rsa else TOKEN_SECRET,
        signature_method=signature_method,
        rsa_key=KEY if rsa else None,
    )


def requests_oauthlib():
    for signature_method in METHODS:
        for case, method, url, form in CASES:
            auth = OAuth1(CONSUMER, **credentials(signature_method))
            data = urllib.parse.parse_qsl(form) if form else None
            sent = requests.Request(method, url, data=data, auth=auth).prepare()
            yield row(f"{signature_method} {case}", method, sent.url, sent.headers, sent.body)


def oauthlib_placements():
    for signature_method in METHODS:
        for place in (o.SIGNATURE_TYPE_AUTH_HEADER, o.SIGNATURE_TYPE_QUERY, o.SIGNATURE_TYPE_BODY):
            client = o.Client(
                CONSUMER,
                signature_type=place,
                realm="https://ci.example.com/jenkins" if place == o.SIGNATURE_TYPE_AUTH_HEADER else None,
                callback_uri="https://app.example.com/back?x=1",
                verifier="v",
                **credentials(signature_method),
            )
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            url, headers, body = client.sign(
                "https://ci.example.com/a?b=c+d", "POST", "e=f&g=%C3%A9", form
            )
            yield row(f"{signature_method} {place}", "POST", url, headers, body)


class Recorder(http.server.BaseHTTPRequestHandler):
    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = f"http://{self.headers['Host']}{self.path}"
        self.seen.append(row(f"dance {self.path.rsplit('/', 1)[1]}", "POST", url, self.headers, body))
        answer = b"oauth_token=request-token&oauth_token_secret=s"
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def jira():
    from jira import JIRA
    from jira import jirashell

    client = JIRA(
        "https://ci.example.com/jira",
        oauth=dict(access_token=TOKEN, access_token_secret=TOKEN_SECRET, consumer_key=CONSUMER, key_cert=KEY),
        get_server_info=False,
    )
    for case, method, url, form in CASES:
        data = urllib.parse.parse_qsl(form) if form else None
        request = requests.Request(method, url, data=data)
        # The session says JSON by default; a form has to say so itself.
        if data:
            request.headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent = client._session.prepare_request(request)
        yield row(case, method, sent.url, sent.headers, sent.body)

    server = http.server.HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    builtins.input = lambda *_: "y"
    webbrowser.open = lambda *_: True
    jirashell.oauth_dance(f"http://127.0.0.1:{server.server_port}", CONSUMER, KEY, print_tokens=False, verify=False)
    server.shutdown()
    yield from Recorder.seen


for name, rows in [
    ("requests-oauthlib", requests_oauthlib),
    ("oauthlib", oauthlib_placements),
    ("jira-python", jira),
]:
    (OUT / f"{name}.raw").write_text("".join(line + "\n" for line in rows()))
    print("recorded", name, file=sys.stderr)
